//! Collateral from a server to the real verifier.

use faults::pcs::Pcs;
use faults::world::World;
use interfaces::tee_verifier::TeeFamily;
use replay::chains::Wasmd;
use replay::op::DAY;
use replay::stage::{pki, START};
use tee_testkit::{CollateralSpec, PlatformSpec};

use super::home;

#[test]
#[ignore = "starts a wasmd"]
fn collateral_of_a_server_is_verified_and_stored_once_and_what_is_older_costs_nothing() {
    let wasmd = Wasmd::start(START).unwrap();
    let mut live = wasmd.live().unwrap();
    let mut world = World::new(&mut live).unwrap();
    let home = home(&world, &wasmd.net.rpc_url(0).unwrap(), "user60", &[]);
    let (pki, verifier) = (pki(), world.stage.at.tee_verifier.clone());
    let platform = pki.platform(PlatformSpec::numbered(1));
    let fmspc = hex::encode(platform.spec.fmspc);
    let issued = |at| {
        let of = |family| pki.collateral_of(&CollateralSpec::new(&platform, family, at));
        Pcs::start(of(TeeFamily::Sgx), of(TeeFamily::Tdx), &fmspc).unwrap()
    };
    let sync = |server: &Pcs| {
        let url = server.url();
        let words = [
            "collateral",
            "sync",
            "--verifier",
            &verifier,
            "--from",
            &url,
            "--fmspc",
            &fmspc,
        ];
        home.run(&words).unwrap()
    };
    // The chain's own is of about START.
    world.pass(DAY).unwrap();
    let before = world.books().unwrap();
    let (older, newer) = (issued(START - DAY), issued(world.now().unwrap()));
    let told = sync(&older);
    assert_eq!(told.matches("older     ").count(), 6, "{told}");
    assert!(told.contains("nothing posted; 0 pieces"), "{told}");
    let told = sync(&newer);
    assert_eq!(told.matches("newer     ").count(), 6, "{told}");
    assert!(told.contains("posted 6 pieces in "), "{told}");
    let told = sync(&newer);
    assert_eq!(told.matches("stored    ").count(), 6, "{told}");
    assert_eq!(world.judged(&[home.address()], before.height).unwrap().transactions, 1);
}
