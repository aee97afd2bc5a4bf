//! L-Coin, a CW20 whose cap counts every unit ever minted.
