//! Isolated positions up to five times, lending pools and the reserve that stands between them and loss.
