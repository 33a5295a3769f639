"""Fits the coefficients of `error_function` in functions.inl: erf(x) = x · P(x²) / Q(x²) for |x| up to 3.92.

Needs NumPy and SciPy. Linear least squares of P - f · (Q - 1) = f, repeated with weights that grow where the error is
large (Lawson's algorithm), so that the largest relative error becomes small.
"""

import numpy as np
from scipy.special import erf

BOUND, P_DEGREE, Q_DEGREE, ROUNDS = 3.92, 5, 4, 60


def fit() -> tuple[float, np.ndarray, np.ndarray]:
    x = np.sort(np.concatenate([np.linspace(1e-6, BOUND, 6000),
                                BOUND / 2 * (1 - np.cos(np.linspace(0, np.pi, 4000))) + 1e-9]))
    scaled, wanted = (x / BOUND) ** 2, erf(x) / x
    weights, q = np.ones_like(x), np.ones_like(x)
    best = (np.inf, np.empty(0))
    powers = [np.vander(scaled, degree + 1, increasing=True) for degree in (P_DEGREE, Q_DEGREE)]
    for _ in range(ROUNDS):
        scale = weights / (np.abs(q) * wanted)
        system = np.concatenate([powers[0], -wanted[:, None] * powers[1][:, 1:]], axis=1)
        solution = np.linalg.lstsq(system * scale[:, None], wanted * scale, rcond=None)[0]
        q = 1 + powers[1][:, 1:] @ solution[P_DEGREE + 1:]
        error = np.abs(powers[0] @ solution[:P_DEGREE + 1] / q / wanted - 1)
        if error.max() < best[0]:
            best = (error.max(), solution)
        weights = weights * (error / error.max() + 0.05) ** 0.3
        weights /= weights.mean()
    p, q = best[1][:P_DEGREE + 1], np.concatenate([[1], best[1][P_DEGREE + 1:]])
    return best[0], p / BOUND ** (2 * np.arange(P_DEGREE + 1)), q / BOUND ** (2 * np.arange(Q_DEGREE + 1))


if __name__ == "__main__":
    error, p, q = fit()
    print(f"largest relative error {error:.1e}")
    for name, coefficients in (("P", p), ("Q", q)):
        print(name, [float(np.float32(value)) for value in coefficients])
