//! Collects a share of every gateway's profit, buys L-Coin on Fridays and burns it.
