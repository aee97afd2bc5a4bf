//! A lean CW721 core for contracts whose tokens carry claims.
