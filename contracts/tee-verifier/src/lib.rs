//! Checks Intel SGX and TDX DCAP quotes against collateral kept on chain.
