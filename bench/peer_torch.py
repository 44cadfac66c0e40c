#!/usr/bin/env python3
"""The cases of `ebvlm bench` in PyTorch, each in the fastest forms known to us.

    peer_torch.py --list                       cases and their forms
    peer_torch.py CASE [--form FORM] [--threads N] [--seconds S]
    peer_torch.py --check                      gradients against autograd, statistics against their definition

One JSON line a form, with the fields of `ebvlm bench --json`. Forms:

    eager      closed-form gradients, no autograd; all noise of a step drawn at once; one flat vector of parameters;
               torch.optim.Adam(fused=True); for statistics, tiles of pairs
    direct     the same, calling the kernel behind that Adam itself, without the optimiser's bookkeeping
    compiled   torch.compile over whole steps (Adam included) or whole tiles
    moments    for statistics: only the kernel by tiles, all sums over pairs as matrix products with it (in single
               precision these sums cancel, so it is the least exact form)
    autograd   for samplers: the network's gradient by autograd, and Adam with a tensor for each parameter
    definition, direct, masked, inverse
               for scores from samples: as written; with (K + ridge)^-1 K X = X - ridge (K + ridge)^-1 X; the same with the
               median of masked distances; the same by an explicit inverse
"""
import argparse
import json
import math
import os
import statistics
import sys
import time

try:
    import torch
except ImportError:
    print("peer_torch.py: there is no PyTorch here. Install it for this Python, the CPU build is enough:\n"
          "  python3 -m venv torch && torch/bin/pip install torch\n"
          "and name that Python: bench/compare.py --python torch/bin/python", file=sys.stderr)
    sys.exit(3)

TEMPERATURE = 0.1
BATCH = 100
STEIN_ROWS = 20_000
TILE = 500


# ---------------------------------------------------------------- Adam on one flat vector

class Adam:
    """Adam, rate 1e-3, betas 0.9 and 0.95, in three forms of the same update."""

    def __init__(self, values, form):
        self.values, self.form, self.t = values, form, torch.zeros(())
        self.first, self.second = torch.zeros_like(values), torch.zeros_like(values)
        if form == "eager":
            self.values.grad = torch.zeros_like(values)
            self.optimiser = torch.optim.Adam([values], lr=1e-3, betas=(0.9, 0.95), eps=1e-8, fused=True)

    def update(self, gradient):
        if self.form == "eager":
            self.values.grad = gradient
            self.optimiser.step()
        elif self.form == "direct":
            self.t += 1
            torch._fused_adam_([self.values], [gradient], [self.first], [self.second], [], [self.t], lr=1e-3,
                               beta1=0.9, beta2=0.95, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)
        else:
            self.t.add_(1)
            self.first.lerp_(gradient, 0.1)
            self.second.mul_(0.95).addcmul_(gradient, gradient, value=0.05)
            rate = 1e-3 / (1 - 0.9 ** self.t)
            self.values.sub_(rate * self.first / ((self.second / (1 - 0.95 ** self.t)).sqrt() + 1e-8))


def compiled(form, function):
    if form != "compiled":
        return function
    import torch._inductor.config
    torch._inductor.config.fallback_random = True                    # its own random numbers are slower
    return torch.compile(function, dynamic=False)


def views(flat, *shapes):
    at, out = 0, []
    for shape in shapes:
        size = math.prod(shape)
        out.append(flat[at:at + size].view(shape))
        at += size
    return out


# ---------------------------------------------------------------- Gaussian RBM

class Grbm:
    """log p(v, h) = -1/2 |(v - b) / s|^2 + c.h + v'W h + constant, q(h | v) Bernoulli with logits v A + a."""

    def __init__(self, d, h, sigma, form, particles=2, inner=5):
        self.d, self.h, self.sigma, self.form, self.L, self.K = d, h, sigma, form, particles, inner
        r = 1 / math.sqrt(h)
        self.theta = torch.empty(d * h + h + 2 * d).uniform_(-r, r)
        self.phi = torch.empty(d * h + h).uniform_(-r, r)
        self.W, self.c, self.b, self.logs = self.split(self.theta)
        self.logs.zero_()
        self.A, self.a = self.split_q(self.phi)
        self.theta_adam, self.phi_adam = Adam(self.theta, form), Adam(self.phi, form)

    def split(self, flat):
        return views(flat, (self.d, self.h), (self.h,), (self.d,), (self.d,))

    def split_q(self, flat):
        return views(flat, (self.d, self.h), (self.h,))

    def inner_gradient(self, v, p, g):
        """Of E_q[log q - log p~] / B, at the relaxed sample h; p = v W + c, g logistic noise over the temperature."""
        l = torch.addmm(self.a, v, self.A)
        h = torch.add(g, l, alpha=1 / TEMPERATURE).sigmoid_()
        slope = torch.addcmul(h, h, h, value=-1)                     # h (1 - h)
        d = torch.sub(l, p).mul_(slope).div_(TEMPERATURE).add_(h).sub_(l.sigmoid_()).div_(v.shape[0])
        out = torch.empty_like(self.phi)
        at_a, at_bias = self.split_q(out)
        torch.mm(v.t(), d, out=at_a)
        torch.sum(d, 0, out=at_bias)
        return out

    def outer_gradient(self, v, eps, g):
        """VaGES-DSM: three groups of L particles, for the score, for its gradient, for the covariance."""
        L, n = self.L, v.shape[0]
        h = torch.add(g, torch.addmm(self.a, v, self.A), alpha=1 / TEMPERATURE).sigmoid_()
        groups = h.view(3, L, n, self.h)
        means = groups[:2].mean(1)
        precision = torch.exp(-2 * self.logs)
        pull = (v - self.b).mul_(precision)
        z = torch.addmm(eps / self.sigma - pull, means[0], self.W.t())
        alpha = (groups[2] * (z @ self.W)).sum(-1)                   # z . score of each particle, up to a constant
        weight = (alpha - alpha.mean(0)).div_(L - 1)
        cov = (weight.unsqueeze(-1) * groups[2]).sum(0)
        out = torch.empty_like(self.theta)
        at_w, at_c, at_b, at_s = self.split(out)
        torch.mm(z.t(), means[1], out=at_w)
        at_w.addmm_(v.t(), cov).div_(n)
        torch.mean(cov, 0, out=at_c)
        torch.mean(z * precision, 0, out=at_b)
        torch.mul((z * pull).mean(0), 2, out=at_s)
        return out

    def exact_gradient(self, v, eps):
        """DSM by the exact score, 1/2 |score(v) + eps / sigma|^2."""
        n = v.shape[0]
        p = torch.addmm(self.c, v, self.W).sigmoid_()
        precision = torch.exp(-2 * self.logs)
        pull = (v - self.b).mul_(precision)
        z = torch.addmm(eps / self.sigma - pull, p, self.W.t())
        back = (z @ self.W).mul_(torch.addcmul(p, p, p, value=-1))
        out = torch.empty_like(self.theta)
        at_w, at_c, at_b, at_s = self.split(out)
        torch.mm(z.t(), p, out=at_w)
        at_w.addmm_(v.t(), back).div_(n)
        torch.mean(back, 0, out=at_c)
        torch.mean(z * precision, 0, out=at_b)
        torch.mul((z * pull).mean(0), 2, out=at_s)
        return out

    # ------------------------------------------------------------ whole steps

    def logistic(self, *shape):
        """Logistic noise over the temperature."""
        return torch.rand(shape).clamp_(1e-7, 1 - 6e-8).logit_().div_(TEMPERATURE)

    def noisy(self, v, times):
        eps = torch.randn(times, *v.shape)
        return torch.add(v, eps, alpha=self.sigma), eps

    def inner_steps(self, vs, g, times):
        n = vs.shape[1]
        p = torch.addmm(self.c, vs[:times].reshape(times * n, self.d), self.W).view(times, n, self.h)
        for k in range(times):
            self.phi_adam.update(self.inner_gradient(vs[k], p[k], g[k]))

    def step(self, v):
        K, L = self.K, self.L
        vs, eps = self.noisy(v, K + 1)
        g = self.logistic(K + 3 * L, v.shape[0], self.h)
        self.inner_steps(vs, g, K)
        self.theta_adam.update(self.outer_gradient(vs[K], eps[K], g[K:]))

    def inner_step(self, v):
        vs, _ = self.noisy(v, 1)
        self.inner_steps(vs, self.logistic(1, v.shape[0], self.h), 1)

    def exact_step(self, v):
        vs, eps = self.noisy(v, 1)
        self.theta_adam.update(self.exact_gradient(vs[0], eps[0]))

    # ------------------------------------------------------------ samplers

    def gibbs(self, v):
        h = torch.addmm(self.c, v, self.W).sigmoid_().bernoulli_()
        std = torch.exp(self.logs)
        mean = torch.addcmul(self.b, h @ self.W.t(), std * std)
        return torch.addcmul(mean, torch.randn_like(v), std)

    def langevin(self, v, step=0.02):
        p = torch.addmm(self.c, v, self.W).sigmoid_()
        score = torch.addmm((self.b - v).mul_(torch.exp(-2 * self.logs)), p, self.W.t())
        return torch.add(v, score, alpha=step * step / 2).add_(torch.randn_like(v), alpha=step)

    # ------------------------------------------------------------ the same by autograd, for --check

    def log_joint(self, v, h):
        quadratic = -0.5 * ((v - self.b) * torch.exp(-self.logs)).square().sum(-1)
        return quadratic + (h * (v @ self.W + self.c)).sum(-1)

    def check(self):
        n = 7
        g = self.logistic(3 * self.L, n, self.h)
        v, eps = torch.randn(n, self.d), torch.randn(n, self.d)
        worst = [close(self.inner_gradient(v, v @ self.W + self.c, g[0]), self.auto_inner(v, g[0]))]
        worst.append(close(self.outer_gradient(v, eps, g), self.auto_outer(v, eps, g)))
        worst.append(close(self.exact_gradient(v, eps), self.auto_exact(v, eps)))
        return max(worst)

    def leaf(self, name):
        flat = getattr(self, name).clone().requires_grad_(True)
        return flat

    def with_theta(self, flat):
        other = Grbm.__new__(Grbm)
        other.__dict__.update(self.__dict__)
        other.W, other.c, other.b, other.logs = self.split(flat)
        return other

    def auto_inner(self, v, g):
        phi = self.leaf("phi")
        A, a = self.split_q(phi)
        l = v @ A + a
        h = torch.sigmoid(g + l / TEMPERATURE)
        log_q = (h * l - torch.nn.functional.softplus(l)).sum(-1)
        loss = (log_q - self.log_joint(v, h)).mean()
        return torch.autograd.grad(loss, phi)[0]

    def auto_outer(self, v, eps, g):
        theta = self.leaf("theta")
        model = self.with_theta(theta)
        L, n = self.L, v.shape[0]
        h = torch.sigmoid(g + (v @ self.A + self.a) / TEMPERATURE).view(3, L, n, self.h)
        x = v.clone().requires_grad_(True)
        score = torch.autograd.grad(model.log_joint(x, h[0]).mean(0).sum(), x)[0].detach()
        z = score + eps / self.sigma
        of_gradient = torch.autograd.grad(model.log_joint(x, h[1]).mean(0).sum(), x, create_graph=True)[0]
        weights = torch.empty(L, n)
        for i in range(L):
            each = torch.autograd.grad(model.log_joint(x, h[2][i]).sum(), x)[0]
            weights[i] = (each * z).sum(-1).detach()
        weights = (weights - weights.mean(0)) / (L - 1)
        loss = ((z * of_gradient).sum() + (weights * model.log_joint(v, h[2])).sum()) / n
        return torch.autograd.grad(loss, theta)[0]

    def auto_exact(self, v, eps):
        theta = self.leaf("theta")
        model = self.with_theta(theta)
        x = v.clone().requires_grad_(True)
        free = (-0.5 * ((x - model.b) * torch.exp(-model.logs)).square().sum(-1)
                + torch.nn.functional.softplus(x @ model.W + model.c).sum(-1))
        score = torch.autograd.grad(free.sum(), x, create_graph=True)[0]
        loss = 0.5 * (score + eps / self.sigma).square().sum(-1).mean()
        return torch.autograd.grad(loss, theta)[0]


# ---------------------------------------------------------------- convolutional energy

class Deep:
    """E(v, h) = sum elu(A [l(f(v)) + h ; h] + a)^2 on images of 28 x 28, f residual convolutions, q three strided ones. Images
    are channels last. One pass of f serves the Langevin moves, the score and the tangent; the tangent is carried through
    the same activations, so that one backward pass gives the gradient."""

    def __init__(self, form, size=28, channels=16, hidden=50, batch=32, particles=2, inner=5, moves=5):
        self.size, self.hidden, self.batch, self.L, self.K, self.moves = size, hidden, batch, particles, inner, moves
        nn, wide = torch.nn, channels
        conv = lambda i, o, k, **more: nn.Conv2d(i, o, k, padding=k // 2, **more)
        self.blocks = nn.ModuleList()
        for stage in (1, 2, 4):
            for down in (True, False):
                i, o = (stage * wide if down else 2 * stage * wide), 2 * stage * wide
                self.blocks.append(nn.ModuleList([conv(i, i, 3, bias=False), conv(i, o, 3), conv(i, o, 1)]))
        self.first, cells = conv(1, wide, 3), (size // 8) ** 2
        self.to_hidden, self.head = nn.Linear(cells * 8 * wide, hidden), nn.Linear(2 * hidden, cells * 4 * wide)
        self.encoder = nn.ModuleList([conv(i, o, 3, stride=2) for i, o in ((1, 64), (64, 128), (128, 256))])
        self.to_q = nn.Linear(256 * ((size + 7) // 8) ** 2, 2 * hidden)
        model = nn.ModuleList([self.first, self.blocks, self.to_hidden, self.head])
        posterior = nn.ModuleList([self.encoder, self.to_q])
        self.theta, self.phi = ([p for p in m.to(memory_format=torch.channels_last).parameters()] for m in (model, posterior))
        self.adams = [torch.optim.Adam(p, lr=1e-4, betas=(0.9, 0.95), eps=1e-8, fused=True) for p in (self.theta, self.phi)]
        self.sigma = torch.logspace(-1, math.log10(3.0), batch).view(-1, 1, 1, 1)
        self.features, self.tangent = compiled(form, self.features), compiled(form, self.tangent)
        self.inner_loss = compiled(form, self.inner_loss)

    @staticmethod
    def slope(x, e):
        return torch.where(x > 0, 1.0, e + 1)

    def features(self, v):
        """l(f(v)), and what each block has at hand for the tangent."""
        F, kept, x = torch.nn.functional, [], self.first(v)
        for n, (a, b, c) in enumerate(self.blocks):
            e = F.elu(x)
            y = a(e)
            g = F.elu(y)
            kept.append((x, e, y, g))
            x = F.avg_pool2d(b(g), 2) + c(F.avg_pool2d(x, 2)) if n % 2 == 0 else b(g) + c(x)
        return self.to_hidden(x.flatten(1)), kept

    def tangent(self, t, kept):
        F, bare = torch.nn.functional, lambda layer, x: torch.nn.functional.conv2d(x, layer.weight, None, padding=layer.padding)
        t = bare(self.first, t)
        for n, ((a, b, c), (x, e, y, g)) in enumerate(zip(self.blocks, kept)):
            u = bare(b, bare(a, t * self.slope(x, e)) * self.slope(y, g))
            t = F.avg_pool2d(u, 2) + bare(c, F.avg_pool2d(t, 2)) if n % 2 == 0 else u + bare(c, t)
        return torch.nn.functional.linear(t.flatten(1), self.to_hidden.weight)

    def before(self, f, h):
        F, a = torch.nn.functional, self.head.weight
        return F.linear(f, a[:, :self.hidden], self.head.bias) + F.linear(h, a[:, :self.hidden] + a[:, self.hidden:])

    def energy(self, f, h):
        return torch.nn.functional.elu(self.before(f, h)).square().sum(-1)

    def energy_slope(self, f, h):
        x = self.before(f, h)
        e = torch.nn.functional.elu(x)
        return (2 * e * self.slope(x, e)) @ (self.head.weight[:, :self.hidden] + self.head.weight[:, self.hidden:])

    def energy_tangent(self, f, h, t):
        x = self.before(f, h)
        e = torch.nn.functional.elu(x)
        return (2 * e * self.slope(x, e) * (t @ self.head.weight[:, :self.hidden].t())).sum(-1)

    def encode(self, v):
        for layer in self.encoder:
            v = torch.nn.functional.leaky_relu(layer(v), 0.2)
        return self.to_q(v.flatten(1)).split(self.hidden, 1)

    def inner_loss(self, v, f, eps):
        mean, log_std = self.encode(v)
        gap = eps * torch.exp(-log_std) - self.energy_slope(f, mean + torch.exp(log_std) * eps)
        return (0.5 * gap.square().sum(-1) / self.sigma.view(-1)).mean()

    def draws(self, v, f):
        with torch.no_grad():
            mean, log_std = self.encode(v)
            h = mean + torch.exp(log_std) * torch.randn(3 * self.L, self.batch, self.hidden)
            for _ in range(self.moves):
                h = h - 0.5e-2 * self.energy_slope(f, h) + 1e-4 * torch.randn_like(h)
        return h.chunk(3)

    def outer_gradient(self, v, eps, draws=None):
        v = v.requires_grad_(True)
        f, kept = self.features(v)
        hz, he, hc = draws or self.draws(v.detach(), f.detach())
        score, = torch.autograd.grad(-self.energy(f, hz).mean(0).sum(), v, retain_graph=True)
        z = (score / self.sigma + eps / 1e-2) / self.sigma
        t = self.tangent(z, kept)
        alpha = -self.energy_tangent(f, hc, t).detach()
        weight = (alpha - alpha.mean(0)) / (self.L - 1)
        loss = (-self.energy_tangent(f, he, t).mean(0).sum() - (weight * self.energy(f, hc)).sum()) / self.batch
        return torch.autograd.grad(loss, self.theta)

    def follow(self, which, gradients):
        for p, g in zip((self.theta, self.phi)[which], gradients):
            p.grad = g
        self.adams[which].step()

    def step(self, v):
        v = v.view(-1, 1, self.size, self.size)
        for _ in range(self.K):
            noised = v + self.sigma * torch.randn_like(v)
            with torch.no_grad():
                f, _ = self.features(noised)
            loss = self.inner_loss(noised, f, torch.randn(self.batch, self.hidden))
            self.follow(1, torch.autograd.grad(loss, self.phi))
        eps = torch.randn_like(v)
        self.follow(0, self.outer_gradient(v + self.sigma * eps, eps))

    def check(self):
        """The gradient against a second backward pass."""
        v, eps = torch.rand(self.batch, 1, self.size, self.size), torch.randn(self.batch, 1, self.size, self.size)
        v = v + self.sigma * eps
        draws = self.draws(v, self.features(v)[0].detach())
        ours = self.outer_gradient(v.clone(), eps, draws)
        v = v.clone().requires_grad_(True)
        f, _ = self.features(v)
        logs = [-self.energy(f, h) for h in draws]
        z = ((torch.autograd.grad(logs[0].mean(0).sum(), v, retain_graph=True)[0] / self.sigma + eps / 1e-2) / self.sigma).detach()
        score, = torch.autograd.grad(logs[1].mean(0).sum(), v, create_graph=True)
        alpha = torch.stack([(torch.autograd.grad(each.sum(), v, retain_graph=True)[0] * z).sum((1, 2, 3)) for each in logs[2]])
        weight = ((alpha - alpha.mean(0)) / (self.L - 1)).detach()
        theirs = torch.autograd.grad(((score * z).sum() + (weight * logs[2]).sum()) / self.batch, self.theta)
        return max(close(a, b) for a, b in zip(ours, theirs))


# ---------------------------------------------------------------- critic of the Fisher divergence

class Critic:
    """Ascends E[score . f + tr(df/dv) - 1/2 |f|^2] for a network of three ELU layers of 64; the tangents along both axes
    travel beside the values, so that one backward pass is enough."""

    def __init__(self, form, width=2, hidden=64):
        self.width = width
        self.shapes = [(width, hidden), (hidden,), (hidden, hidden), (hidden,), (hidden, hidden), (hidden,),
                       (hidden, width), (width,)]
        self.flat = torch.randn(sum(math.prod(s) for s in self.shapes)).mul_(0.1)
        self.flat.requires_grad_(form == "eager")
        self.adam = Adam(self.flat.detach(), "direct" if form == "direct" else "compiled" if form == "compiled" else "eager")
        self.model = Grbm(width, 4, 0.05, "direct")

    def loss(self, flat, v):
        n = v.shape[0]
        W1, b1, W2, b2, W3, b3, W4, b4 = views(flat, *self.shapes)
        pre = v @ W1 + b1
        x = torch.nn.functional.elu(pre)
        slope = torch.where(pre > 0, torch.ones_like(x), x + 1)
        both = torch.stack([x, slope * W1[0], slope * W1[1]])
        for W, b in ((W2, b2), (W3, b3)):
            pre = both @ W
            value = pre[0] + b
            x = torch.nn.functional.elu(value)
            slope = torch.where(value > 0, torch.ones_like(x), x + 1)
            both = torch.cat([x.unsqueeze(0), pre[1:] * slope])
        out = both @ W4
        f = out[0] + b4
        trace = out[1, :, 0] + out[2, :, 1]
        m = self.model
        p = torch.sigmoid(v @ m.W + m.c)
        score = (m.b - v) * torch.exp(-2 * m.logs) + p @ m.W.t()
        return -((score * f).sum(-1) + trace - 0.5 * f.square().sum(-1)).mean()

    def gradient(self, v):
        flat = self.adam.values.detach().requires_grad_(True)
        with torch.enable_grad():
            return torch.autograd.grad(self.loss(flat, v), flat)[0]

    def step(self, v):
        self.adam.update(self.gradient(v))

    def check(self):
        v = torch.randn(5, self.width)
        flat = self.flat.detach().clone()
        W1, b1, W2, b2, W3, b3, W4, b4 = views(flat, *self.shapes)
        elu = torch.nn.functional.elu

        def f(x):
            return elu(elu(elu(x @ W1 + b1) @ W2 + b2) @ W3 + b3) @ W4 + b4

        m, total = self.model, 0.0
        for row in v:
            x = row.clone().requires_grad_(True)
            free = -0.5 * ((x - m.b) * torch.exp(-m.logs)).square().sum() + torch.nn.functional.softplus(x @ m.W + m.c).sum()
            score = torch.autograd.grad(free, x)[0]
            jacobian = torch.autograd.functional.jacobian(f, row)
            total += float((score * f(row)).sum() + jacobian.trace() - 0.5 * f(row).square().sum())
        return abs(float(self.loss(flat, v)) + total / 5)


# ---------------------------------------------------------------- kernel Stein discrepancy

class Stein:
    """U-statistic of KSD^2 by tiles on and above the diagonal; r2, s.s' and (s - s').(x - x') by matrix products."""

    def __init__(self, kernel, d, form, n=STEIN_ROWS, tile=TILE):
        self.x = torch.randn(n, d)
        self.s = -self.x
        self.n, self.d, self.step_size = n, d, tile
        self.square = median_square(self.x) if kernel == "rbf" else 1.0
        self.kernel, self.moments = kernel, form == "moments"
        self.tile = compiled(form, self.rbf if kernel == "rbf" else self.imq)

    def parts(self, x, s, y, t):
        r2 = torch.addmm((x * x).sum(1, keepdim=True) + (y * y).sum(1), x, y.t(), alpha=-2).clamp_(min=0)
        own = (s * x).sum(1, keepdim=True) + (t * y).sum(1)
        cross = torch.addmm(own, torch.cat([s, x], 1), torch.cat([y, t], 1).t(), alpha=-1)
        return r2, cross, s @ t.t()

    def rbf(self, x, s, y, t):
        r2, cross, u = self.parts(x, s, y, t)
        q = 1 / self.square
        u.add_(cross, alpha=q).add_(r2, alpha=-q * q).add_(self.d * q)
        return u.mul_(r2.mul_(-0.5 * q).exp_())

    def imq(self, x, s, y, t):
        r2, cross, u = self.parts(x, s, y, t)
        q = 1 / self.square
        w = (r2 * q).add_(1).reciprocal_()                           # 1 / (1 + r2 q)
        u.add_(cross.add_(self.d).mul_(w), alpha=q)
        u.sub_(r2.mul_(w).mul_(w), alpha=3 * q * q)
        return u.mul_(w.sqrt_())

    def statistic(self):
        return self.by_moments() if self.moments else self.by_tiles()

    def by_moments(self):
        """With k_ij alone: sum k s.s' = sum s.(K s'), sum k x.s' = sum x.(K s'), and so on; the diagonal taken off at the end."""
        q, m, d = 1 / self.square, self.step_size, self.d
        xx, own = (self.x * self.x).sum(1, keepdim=True), (self.s * self.x).sum(1, keepdim=True)
        one = torch.ones_like(xx)
        # left . right' is the exponent -q r2 / 2, or 1 + q r2
        scale = 1.0 if self.kernel == "rbf" else -2.0
        left = torch.cat([self.x * (q * scale), xx * (-0.5 * q * scale) + (self.kernel == "imq"), one], 1)
        right = torch.cat([self.x, one, xx * (-0.5 * q * scale)], 1).t().contiguous()
        wide = torch.cat([self.s, self.x, one, own, xx], 1)
        sums = self.rbf_sums if self.kernel == "rbf" else self.imq_sums
        total, buffers = 0.0, [torch.empty(m, m) for _ in range(3)]
        for i in range(0, self.n, m):
            for j in range(i, self.n, m):
                a, b = slice(i, i + m), slice(j, j + m)
                k = torch.mm(left[a], right[:, b], out=buffers[0])
                part = sums(k, wide[a], wide[b], q, d, buffers)
                total += part if i == j else 2 * part
        diagonal = float((self.s * self.s).sum(dtype=torch.float64)) + self.n * d * q
        return (total - diagonal) / (self.n * (self.n - 1.0))

    @staticmethod
    def total(a, b):
        return float((a * b).sum(dtype=torch.float64))

    def cross(self, a, kb, d):
        """Sum of k (s - s').(x - x'), and of k."""
        s, x, own = a[:, :d], a[:, d:2 * d], a[:, 2 * d + 1]
        ks, kx, k, kown = kb[:, :d], kb[:, d:2 * d], kb[:, 2 * d], kb[:, 2 * d + 1]
        mass = float(k.sum(dtype=torch.float64))
        both = self.total(own, k) + float(kown.sum(dtype=torch.float64)) - self.total(s, kx) - self.total(x, ks)
        return both, mass

    def rbf_sums(self, k, a, b, q, d, buffers):
        kb = k.exp_() @ b
        cross, mass = self.cross(a, kb, d)
        r2 = (self.total(a[:, 2 * d + 2], kb[:, 2 * d]) + float(kb[:, 2 * d + 2].sum(dtype=torch.float64))
              - 2 * self.total(a[:, d:2 * d], kb[:, d:2 * d]))
        return self.total(a[:, :d], kb[:, :d]) + q * cross + d * q * mass - q * q * r2

    def imq_sums(self, w, a, b, q, d, buffers):
        w.reciprocal_()                                              # 1 / (1 + q r2)
        k = torch.sqrt(w, out=buffers[1])
        products = self.total(a[:, :d], k @ b[:, :d])
        k.mul_(w)
        cross, mass = self.cross(a, k @ b, d)
        # 3 q^2 k w^2 r2 = 3 q k w (1 - w)
        return products + q * cross + d * q * mass - 3 * q * (mass - float(torch.dot(k.view(-1), w.view(-1))))

    def by_tiles(self):
        total, m = 0.0, self.step_size
        for i in range(0, self.n, m):
            x, s = self.x[i:i + m], self.s[i:i + m]
            for j in range(i, self.n, m):
                u = self.tile(x, s, self.x[j:j + m], self.s[j:j + m])
                if i == j:
                    u.diagonal().zero_()
                    total += float(u.sum(dtype=torch.float64))
                else:
                    total += 2 * float(u.sum(dtype=torch.float64))
        return total / (self.n * (self.n - 1.0))

    def check(self):
        """Against second derivatives of the kernel by autograd."""
        rbf = self.kernel == "rbf"
        total = 0.0
        for i in range(self.n):
            for j in range(self.n):
                if i != j:
                    x, y = self.x[i].clone().requires_grad_(), self.x[j].clone().requires_grad_()
                    r2 = (x - y).square().sum() / self.square
                    k = torch.exp(-0.5 * r2) if rbf else (1 + r2) ** -0.5
                    gx, gy = torch.autograd.grad(k, (x, y), create_graph=True)
                    trace = sum(torch.autograd.grad(gx[q], y, retain_graph=True)[0][q] for q in range(self.d))
                    total += (self.s[i] @ self.s[j] * k + self.s[i] @ gy + self.s[j] @ gx + trace).item()
        return abs(total / (self.n * (self.n - 1)) - self.statistic())


def median_square(x):
    """Squared bandwidth: median squared distance of 1,000 rows over 2 log(n + 1)."""
    y = x[:1000]
    return float(torch.cdist(y, y).square_().flatten().median() / (2 * math.log(len(y) + 1)))


# ---------------------------------------------------------------- score from samples

class SampleScore:
    """The Stein gradient estimator at its samples, -(K + ridge)^-1 D, RBF kernel; bandwidth the median distance of the first
    500 samples, each pair once, by selection. D is never formed: see `direct`."""

    def __init__(self, n, d, form, ridge=1.0):
        self.x, self.ridge, self.form = torch.randn(n, d), ridge, form

    def square(self, r2):
        m = min(500, len(self.x))
        pairs = r2[:m, :m][torch.ones(m, m).tril(-1).bool()] if self.form == "masked" else torch.pdist(self.x[:m]).square_()
        return float(pairs.kthvalue(pairs.numel() // 2 + 1).values)

    def score(self):
        x = self.x - self.x.mean(0)
        norms = (x * x).sum(1)
        r2 = torch.addmm(norms[:, None] + norms, x, x.t(), alpha=-2).clamp_(min=0)
        h2 = self.square(r2)
        k = r2.mul_(-0.5 / h2).exp_()
        sums = k.sum(1, keepdim=True)
        if self.form == "definition":
            d = (x * sums - k @ x) / h2
            k.diagonal().add_(self.ridge)
            return -torch.cholesky_solve(d, torch.linalg.cholesky(k))
        k.diagonal().add_(self.ridge)
        if self.form == "inverse":
            return (x - (torch.cholesky_inverse(torch.linalg.cholesky(k)) * (sums + self.ridge).t()) @ x) / h2
        return (x - torch.cholesky_solve((sums + self.ridge) * x, torch.linalg.cholesky(k))) / h2

    def check(self):
        """(K + ridge) G + D against the kernel's derivatives by autograd."""
        x, n = self.x, len(self.x)
        g, h2 = self.score(), self.square(torch.cdist(x, x).square())
        y = x.clone().requires_grad_()
        worst = 0.0
        for i in range(n):
            k = torch.exp(-0.5 / h2 * (x[i] - y).square().sum(1))
            d = torch.autograd.grad(k.sum(), y)[0].sum(0)
            worst = max(worst, float((k.detach() @ g + self.ridge * g[i] + d).abs().max()))
        return worst


def close(a, b):
    return float((a - b).abs().max() / b.abs().max())


# ---------------------------------------------------------------- sigmoid belief network

class Vimco:
    """A sigmoid belief network and a posterior of the same layers, by VIMCO with the geometric baseline.

    h of layer i is [K, n, units]; the first encoder sees each row once. Gradients in closed form: with coefficients
    A_j - w_j of log q and w_j of log p, those of log odds z at bits x are coefficient * (x - sigmoid(z)).
    """

    def __init__(self, form, samples, sizes=(784, 200, 200, 200), batch=24):
        self.K, self.sizes, self.batch = samples, sizes, batch
        pairs = list(zip(sizes[:-1], sizes[1:]))
        up = [shape for a, b in pairs for shape in ((a, b), (b,))]
        down = [shape for a, b in pairs for shape in ((b, a), (a,))] + [(sizes[-1],)]
        self.shapes = (up, down)
        self.split = sum(math.prod(shape) for shape in up)
        self.flat = torch.zeros(self.split + sum(math.prod(shape) for shape in down))
        self.q, self.p = self.parts(self.flat)
        for part in (*self.q, *self.p):
            if part.dim() == 2:
                part.normal_(0, 1 / math.sqrt(part.shape[0]))
        self.adam = Adam(self.flat, form)

    def parts(self, flat):
        return views(flat[:self.split], *self.shapes[0]), views(flat[self.split:], *self.shapes[1])

    def log_mass(self, x, z):
        return (x * z - torch.nn.functional.softplus(z)).sum(-1)

    def signal(self, l):
        """The bound of each row and, for each draw, what it lacks without the draw; [K, n]."""
        k = self.K
        bound = torch.logsumexp(l, 0) - math.log(k)
        replaced = l.unsqueeze(1).expand(k, k, -1).clone()
        replaced.diagonal().copy_(((l.sum(0) - l) / (k - 1)).t())
        return bound, bound - (torch.logsumexp(replaced, 0) - math.log(k))

    def forward(self, x, us):
        """Bits and log odds of every layer, and the log weights."""
        odds, bits, below = [], [x], x
        for i, u in enumerate(us):
            z = below @ self.q[2 * i] + self.q[2 * i + 1]
            z = z.expand(self.K, *z.shape) if i == 0 else z
            below = (u < z.sigmoid()).to(z.dtype)
            odds.append(z)
            bits.append(below)
        down = [bits[i + 1] @ self.p[2 * i] + self.p[2 * i + 1] for i in range(len(us))] + [self.p[-1]]
        log_q = sum(self.log_mass(h, z) for h, z in zip(bits[1:], odds))
        log_p = sum(self.log_mass(h, z) for h, z in zip(bits, down))
        return bits, odds, down, log_p, log_q

    def gradient(self, x, us):
        """Of minus the bound's surrogate, over the flat vector."""
        bits, odds, down, log_p, log_q = self.forward(x, us)
        l = log_p - log_q
        _, a = self.signal(l)
        w = torch.softmax(l, 0)
        up = ((w - a) / len(x)).unsqueeze(-1)
        w = (w / -len(x)).unsqueeze(-1)
        out = torch.empty_like(self.flat)
        at_q, at_p = self.parts(out)
        for i, z in enumerate(odds):
            d = up * (bits[i + 1] - z.sigmoid())
            d = d.sum(0) if i == 0 else d.flatten(0, 1)
            torch.mm((x if i == 0 else bits[i].flatten(0, 1)).t(), d, out=at_q[2 * i])
            torch.sum(d, 0, out=at_q[2 * i + 1])
        for i, z in enumerate(down[:-1]):
            d = (w * (bits[i] - z.sigmoid())).flatten(0, 1)
            torch.mm(bits[i + 1].flatten(0, 1).t(), d, out=at_p[2 * i])
            torch.sum(d, 0, out=at_p[2 * i + 1])
        torch.sum((w * (bits[-1] - down[-1].sigmoid())).flatten(0, 1), 0, out=at_p[-1])
        return out

    def noise(self, n):
        return [torch.rand(self.K, n, units) for units in self.sizes[1:]]

    def step(self, x):
        self.adam.update(self.gradient(x, self.noise(len(x))))

    def check(self):
        x = (torch.rand(5, self.sizes[0]) < 0.5).to(self.flat.dtype)
        us = self.noise(5)
        found = self.gradient(x, us)
        with torch.enable_grad():
            flat = self.flat.clone().requires_grad_()
            self.q, self.p = self.parts(flat)
            _, _, _, log_p, log_q = self.forward(x, us)
            bound, a = self.signal(log_p - log_q)
            loss = -(bound + (a.detach() * log_q).sum(0)).mean()
            return close(found, torch.autograd.grad(loss, flat)[0])


# ---------------------------------------------------------------- amortised Stein variational gradient descent

class Amortised:
    """A sampler, a network with ReLU between its layers, follows the Stein direction of 100 samples: RBF, h^2 = median(r^2)
    / (2 log(n + 1)). Targets: two Gaussians in the plane; a Gaussian-Bernoulli machine with ten hidden units of -1 and 1.

    Form `autograd` leaves the sampler's gradient to PyTorch and the update to its Adam; the others have it in closed form.
    """

    def __init__(self, form, sizes, n=100):
        self.form, self.sizes, self.n = form, sizes, n
        self.shapes = [shape for a, b in zip(sizes[:-1], sizes[1:]) for shape in ((a, b), (b,))]
        self.flat = torch.zeros(sum(math.prod(shape) for shape in self.shapes))
        self.parts = views(self.flat, *self.shapes)
        for weight, bias in zip(self.parts[::2], self.parts[1::2]):
            bound = 1 / math.sqrt(len(weight))
            weight.uniform_(-bound, bound)
            bias.uniform_(-bound, bound)
        self.means = torch.tensor([[-2.0, 0.0], [2.0, 0.0]])
        self.w = 0.05 * torch.randn(sizes[-1], 10)
        if form == "autograd":
            layers = [torch.nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])]
            mixed = [part for layer in layers for part in (layer, torch.nn.ReLU())]
            self.network = torch.nn.Sequential(*mixed[:-1])
            self.optimiser = torch.optim.Adam(self.network.parameters(), lr=1e-3)
        else:
            self.adam = Adam(self.flat, form)

    def squares(self, x, y):
        x2, y2 = x.square().sum(1, keepdim=True), y.square().sum(1)
        return torch.addmm(x2 + y2, x, y.t(), alpha=-2).clamp_min(0)

    def score(self, x):
        if x.shape[1] == 2:
            return torch.softmax(-0.5 * self.squares(x, self.means), 1) @ self.means - x
        return torch.tanh(x @ self.w) @ self.w.t() - x

    def direction(self, x):
        r2 = self.squares(x, x)
        h2 = r2.flatten().median() / (2 * math.log(self.n + 1))
        k = torch.exp(r2 * (-0.5 / h2))
        return (k @ (self.score(x) - x / h2) + k.sum(1, keepdim=True) * x / h2) / self.n

    def layers(self, xi, parts):
        values = [xi]
        for i in range(0, len(parts), 2):
            z = torch.addmm(parts[i + 1], values[-1], parts[i])
            values.append(z if i == len(parts) - 2 else z.relu())
        return values

    def gradient(self, xi):
        """Of minus the sum of phi . x, over the flat vector."""
        values = self.layers(xi, self.parts)
        d = -self.direction(values[-1])
        out = torch.empty_like(self.flat)
        at = views(out, *self.shapes)
        for i in range(len(self.parts) - 2, -1, -2):
            below = values[i // 2]
            torch.mm(below.t(), d, out=at[i])
            torch.sum(d, 0, out=at[i + 1])
            if i > 0:
                d = (d @ self.parts[i].t()) * (below > 0)
        return out

    def step(self):
        self.adam.update(self.gradient(torch.randn(self.n, self.sizes[0])))

    def autograd_step(self):
        with torch.enable_grad():
            x = self.network(torch.randn(self.n, self.sizes[0]))
            with torch.no_grad():
                phi = self.direction(x)
            self.optimiser.zero_grad(set_to_none=True)
            (-(phi * x).sum()).backward()
            self.optimiser.step()

    def check(self):
        xi = torch.randn(self.n, self.sizes[0])
        found = self.gradient(xi)
        with torch.enable_grad():
            flat = self.flat.clone().requires_grad_()
            x = self.layers(xi, views(flat, *self.shapes))[-1]
            loss = -(self.slowly(x.detach()) * x).sum()
            return close(found, torch.autograd.grad(loss, flat)[0])

    def slowly(self, x):
        """1/n sum over j of k(x_j, x_i) s(x_j) + grad_{x_j} k(x_j, x_i), the gradient by autograd."""
        r2 = (x.unsqueeze(1) - x).square().sum(2)
        h2 = r2.flatten().median() / (2 * math.log(self.n + 1))
        with torch.enable_grad():
            moving = x.clone().requires_grad_()
            k = torch.exp(-0.5 * (x.unsqueeze(1) - moving).square().sum(2) / h2)
            pushed = [torch.autograd.grad(k[i].sum(), moving, retain_graph=True)[0].sum(0) for i in range(self.n)]
        return (k.detach() @ self.score(x) + torch.stack(pushed)) / self.n


def sampler_steps(form, sizes):
    sampler = Amortised(form, sizes)
    step = sampler.autograd_step if form == "autograd" else compiled(form, sampler.step)

    def run():
        step()
        return 1
    return run


def bits(n=1000, width=784):
    return (torch.rand(n, width) < 0.13).to(torch.get_default_dtype())


# ---------------------------------------------------------------- cases

def board(n=60_000):
    return torch.rand(n, 2) * 0.5 + 0.5 * torch.randint(0, 2, (n, 1))


def faces(n=1965, width=560):
    return torch.sigmoid(torch.randn(n, 10) @ torch.randn(10, width) / 2)


def stepping(step, data, form, rows=BATCH):
    """Steps on batches, each gathered from the data in an order drawn once a pass."""
    order = [torch.randperm(len(data)), 0]
    step = compiled(form, step)

    def run():
        if order[1] + rows > len(data):
            order[:] = [torch.randperm(len(data)), 0]
        batch = data.index_select(0, order[0][order[1]:order[1] + rows])
        order[1] += rows
        step(batch)
        return 1
    return run


def deep_steps(form):
    """Steps on batches of smooth pictures; autograd is wanted within."""
    deep, pictures = Deep(form), faces(640, 28 * 28)

    def run():
        with torch.enable_grad():
            deep.step(pictures[torch.randint(0, len(pictures), (deep.batch,))])
        return 1
    return run


def chains(move, width, form):
    state = [torch.randn(100, width)]
    move = compiled(form, move)

    def run():
        state[0] = move(state[0])
        return 1
    return run


def statistic(kernel, d, form):
    stein = Stein(kernel, d, form)

    def run():
        stein.statistic()
        return 1
    return run


def samples_only(n, d, form):
    stein = SampleScore(n, d, form)

    def run():
        stein.score()
        return 1
    return run


STEPS = ["eager", "direct", "compiled"]
TILES = ["eager", "compiled", "moments"]
MOVES = ["eager", "compiled"]
FOLLOWERS = ["eager", "direct", "compiled", "autograd"]
SOLVERS = ["definition", "direct", "masked", "inverse"]
CASES = {
    "grbm-toy": (STEPS, lambda form: stepping(Grbm(2, 4, 0.05, form).step, board(), form)),
    "grbm-frey": (STEPS, lambda form: stepping(Grbm(560, 400, 0.3, form).step, faces(), form)),
    "eblvm-small": (MOVES, deep_steps),
    "dsm-toy": (STEPS, lambda form: stepping(Grbm(2, 4, 0.05, form).exact_step, board(), form)),
    "inner-step-toy": (STEPS, lambda form: stepping(Grbm(2, 4, 0.05, form).inner_step, board(), form)),
    "inner-step-frey": (STEPS, lambda form: stepping(Grbm(560, 400, 0.3, form).inner_step, faces(), form)),
    "critic-step": (STEPS, lambda form: stepping(Critic(form).step, board(), form)),
    "vimco-5": (STEPS, lambda form: stepping(Vimco(form, 5).step, bits(), form, 24)),
    "vimco-10": (STEPS, lambda form: stepping(Vimco(form, 10).step, bits(), form, 24)),
    "vimco-50": (STEPS, lambda form: stepping(Vimco(form, 50).step, bits(), form, 24)),
    "asvgd-2": (FOLLOWERS, lambda form: sampler_steps(form, (10, 100, 100, 2))),
    "asvgd-784": (FOLLOWERS, lambda form: sampler_steps(form, (100, 256, 784))),
    "ksd-rbf-2": (TILES, lambda form: statistic("rbf", 2, form)),
    "ksd-rbf-64": (TILES, lambda form: statistic("rbf", 64, form)),
    "ksd-imq-2": (TILES, lambda form: statistic("imq", 2, form)),
    "ksd-imq-64": (TILES, lambda form: statistic("imq", 64, form)),
    **{f"stein-{n}-{d}": (SOLVERS, lambda form, n=n, d=d: samples_only(n, d, form))
       for n in (100, 1000) for d in (2, 100, 784)},
    "gibbs": (MOVES, lambda form: chains(Grbm(560, 400, 0.3, form).gibbs, 560, form)),
    "langevin": (MOVES, lambda form: chains(Grbm(560, 400, 0.3, form).langevin, 560, form)),
}


# ---------------------------------------------------------------- timing

def blocks(run, seconds):
    """Milliseconds a step of blocks of about a tenth of a second, after a second of warm-up."""
    begun, calls = time.perf_counter(), 0
    run()                                                            # compiles
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    while time.perf_counter() - begun < min(1.0, seconds) and first < seconds:
        run()
        calls += 1
    each = (time.perf_counter() - begun) / max(1, calls) if calls else first
    size, out, begun = max(1, int(0.1 / each)), [], time.perf_counter()
    while len(out) < 3 or (time.perf_counter() - begun < seconds and len(out) < 30):
        start = time.perf_counter()
        for _ in range(size):
            run()
        out.append((time.perf_counter() - start) * 1e3 / size)
    return sorted(out)


def peak_megabytes():
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmHWM"))
    except OSError:
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20


def check():
    torch.manual_seed(1)
    torch.set_default_dtype(torch.float64)
    found = {"grbm": Grbm(3, 5, 0.3, "direct", particles=3).check(), "critic": Critic("direct").check(),
             "vimco": Vimco("direct", 3, (6, 5, 4, 3)).check(),
             "asvgd 2": Amortised("direct", (3, 5, 4, 2), 9).check(),
             "asvgd": Amortised("direct", (3, 5, 7), 8).check(),
             "deep": Deep("eager", size=9, channels=2, hidden=3, batch=4, moves=1).check()}
    for kernel in ("rbf", "imq"):
        for form in ("eager", "moments"):
            found[f"ksd {kernel} {form}"] = Stein(kernel, 3, form, n=12, tile=4).check()
    for form in SOLVERS:
        found[f"stein {form}"] = SampleScore(12, 3, form).check()
    for name, error in found.items():
        print(f"{name:16s} {error:.1e}", "ok" if error < 1e-9 else "WRONG")
    return 0 if max(found.values()) < 1e-9 else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="?", choices=sorted(CASES), metavar="CASE")
    parser.add_argument("--form", default="eager")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    if asked.check:
        return check()
    if asked.list or not asked.case:
        print(json.dumps({name: forms for name, (forms, _) in CASES.items()}))
        return 0
    forms, make = CASES[asked.case]
    if asked.form not in forms:
        parser.error(f"{asked.case} has the forms {', '.join(forms)}")
    torch.manual_seed(1)
    torch.set_num_threads(asked.threads)
    with torch.no_grad():
        ms = blocks(make(asked.form), asked.seconds)
    print(json.dumps({"case": asked.case, "form": asked.form, "msPerStep": statistics.median(ms),
                      "threads": asked.threads, "peakMb": peak_megabytes(), "msPerStepP10": ms[len(ms) // 10],
                      "msPerStepP90": ms[-1 - len(ms) // 10], "torch": torch.__version__}))
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)                                                   # compiled code need not be taken down in order
