// Package crashtest ends the service's process in every way that a machine may, while it brings a store in, and looks at
// what is left. It holds nothing but tests.
//
// They build the real program, with the points of package failpoint in it, and run it as `shopsight serve` on a folder of
// its own, against simulated stores in the process of the test: so what the stores have, and what they were asked for, is
// known. The program is killed by SIGKILL at random moments and at named points, or stopped by SIGSTOP until somebody else
// has taken its work, and started again, until all is done. Then nothing may be missing, nothing double, and of what was
// read before a death, at most one page may have been read again.
//
// A random test prints its seed and the moments of the deaths; TEST_SEED repeats it, as far as a scheduler lets itself
// be repeated.
package crashtest
