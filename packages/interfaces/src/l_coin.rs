//! l_coin
