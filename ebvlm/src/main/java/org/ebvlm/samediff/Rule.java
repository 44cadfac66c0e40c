package org.ebvlm.samediff;

import java.util.List;
import org.ebvlm.graph.Expr;

/** What an operation's results are, as expressions of its inputs. */
interface Rule {
    /** One expression for each result. */
    List<Expr> read(Call call);
}
