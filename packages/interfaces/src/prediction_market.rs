//! Bets on events: dynamic parimutuel with an L2 cost function, bonded answers, disputes.
