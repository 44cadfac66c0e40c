#!/usr/bin/env bash
# Builds the benchmarks of single kernels and runs them by JMH. Arguments are JMH's:
#   bench/jmh.sh                                     all, about 20 minutes
#   bench/jmh.sh Pointwise -p function=exp,elu -p size=40000
#   bench/jmh.sh -l                                  their names
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -n "${JAVA_HOME:-}" ]; then java="$JAVA_HOME/bin/java"; else java=java; fi

(cd "$home" && mvn -q -B -ntp ${EBVLM_MAVEN_OPTIONS:-} -Pjmh -Dmaven.test.skip=true -Dquality.skip -pl bench -am package)

unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE OMP_NUM_THREADS
exec "$java" -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  --add-modules jdk.incubator.vector ${EBVLM_JAVA_OPTIONS:-} \
  -cp "$home/bench/target/classes:$(cat "$home/bench/target/classpath.txt")" org.openjdk.jmh.Main \
  -f 1 -wi 3 -w 1 -i 5 -r 1 "$@"
