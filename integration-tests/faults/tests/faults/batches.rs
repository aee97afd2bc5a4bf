//! One batch with everything that can be wrong, through the relayer and posted directly.

use faults::world::{Signed, World};
use interfaces::attestation_oracle::StatementOutcome as Is;
use replay::chains::Wasmd;
use replay::op::Fault;
use replay::stage::START;
use serde_json::{json, Value};

use super::home;

/// What is posted, what the relayer answers (status, refusal) and in what it ends (state, outcome), and what the contract says when it is posted directly.
struct Case {
    name: &'static str,
    signed: Signed,
    answer: (u64, Option<&'static str>),
    end: Option<(&'static str, &'static str)>,
    outcome: Is,
}

/// Everything good in it is returned beside: it must land whatever it travels with.
fn batch(world: &mut World, gateway: u64) -> (Vec<Case>, Vec<Signed>) {
    let case = |name, signed: &Signed, answer, end, outcome| Case {
        name,
        signed: signed.clone(),
        answer,
        end,
        outcome,
    };
    let landed = Some(("final", "accepted"));
    let taken = (202, None);
    let equivocal = world.draft(gateway, Fault::None).unwrap();
    let first = world.report(gateway, Fault::None).unwrap();
    let second = world.report(gateway, Fault::None).unwrap();
    let forged = world.draft(gateway, Fault::Forged).unwrap();
    let foreign = world.draft(gateway, Fault::ForeignChain).unwrap();
    let wrong_root = world.draft(gateway, Fault::WrongLogRoot).unwrap();
    let malformed = world.draft(gateway, Fault::Malformed).unwrap();
    let stranger = world.draft(gateway, Fault::UnknownKey).unwrap();
    let third = world.report(gateway, Fault::None).unwrap();
    let expired = world.report(gateway, Fault::Expired).unwrap();
    let fifth = world.report(gateway, Fault::None).unwrap();
    let fork = world.draft(gateway, Fault::WrongParent).unwrap();
    let cases = vec![
        case("valid", &first, taken, landed, Is::Accepted),
        case("duplicate", &first, (200, None), landed, Is::Duplicate),
        // Its predecessor comes only after it.
        case("gap, reordered", &third, taken, landed, Is::Gap),
        case("arrives later", &second, taken, landed, Is::Accepted),
        case("forged", &forged, (422, Some("bad_signature")), None, Is::BadSignature),
        case(
            "foreign chain",
            &foreign,
            (422, Some("bad_signature")),
            None,
            Is::BadSignature,
        ),
        case(
            "wrong log root",
            &wrong_root,
            (422, Some("wrong_log_root")),
            None,
            Is::WrongLogRoot,
        ),
        case("malformed", &malformed, (422, Some("malformed")), None, Is::Malformed),
        case(
            "unknown key",
            &stranger,
            (422, Some("unknown_key")),
            None,
            Is::UnknownKey,
        ),
        case(
            "conflict",
            &equivocal,
            taken,
            Some(("rejected", "conflict")),
            Is::Conflict,
        ),
        case("gap that closed", &third, (200, None), landed, Is::Accepted),
        case("expired", &expired, taken, Some(("rejected", "expired")), Is::Expired),
        case("after the expired", &fifth, taken, landed, Is::Accepted),
        case(
            "wrong parent",
            &fork,
            taken,
            Some(("rejected", "wrong_parent")),
            Is::WrongParent,
        ),
    ];
    (cases, vec![first, second, third, fifth])
}

#[test]
#[ignore = "starts a wasmd"]
fn every_bad_statement_has_its_own_outcome_the_rest_lands_and_no_chain_is_bricked() {
    let wasmd = Wasmd::start(START).unwrap();
    let mut live = wasmd.live().unwrap();
    let mut world = World::new(&mut live).unwrap();
    through_the_relayer(&mut world, &wasmd.net.rpc_url(0).unwrap());
    directly(&mut world);
}

fn through_the_relayer(world: &mut World, rpc: &str) {
    let home = home(world, rpc, "user60", &[]);
    let relayer = home.start(None).unwrap();
    let before = world.books().unwrap();
    let (cases, good) = batch(world, 1);
    let mut envelopes: Vec<Value> = cases.iter().map(|case| world.envelope(&case.signed)).collect();
    // What says itself that it is meant for another chain is not even verified.
    let mut elsewhere = envelopes[0].clone();
    elsewhere["chain_id"] = json!("lex-local-2");
    envelopes.push(elsewhere);
    let answers = relayer.post_batch(&envelopes).unwrap();
    assert_eq!(answers.last().unwrap(), &(422, Some("foreign_chain".to_owned())));
    for (case, (status, code)) in cases.iter().zip(&answers) {
        assert_eq!((*status, code.as_deref()), case.answer, "{}", case.name);
        let known = match case.end {
            None => relayer.look(&case.signed.hex()).unwrap(),
            Some(_) => relayer.wait_end(&case.signed.hex()).unwrap(),
        };
        let end = known["state"].as_str().zip(known["outcome"].as_str());
        assert_eq!(end, case.end, "{}: {known}", case.name);
        eprintln!(
            "relayer   {:<18} {status} {:<15} {end:?}",
            case.name,
            code.as_deref().unwrap_or("")
        );
    }
    // The expired one took its place, too, and moved no money.
    let next = world.report(1, Fault::None).unwrap();
    assert_eq!(relayer.post(&world.envelope(&next)).unwrap().0, 202);
    assert_eq!(relayer.wait_end(&next.hex()).unwrap()["state"], "final");
    assert_all(world, &before, good, next, &cases);
    let evidence: Value = serde_json::from_str(&home.run(&["export-evidence"]).unwrap()).unwrap();
    assert!(evidence.to_string().contains(&cases[9].signed.hex()), "{evidence}");
    relayer.stop().unwrap();
}

fn directly(world: &mut World) {
    let before = world.books().unwrap();
    let (cases, good) = batch(world, 2);
    let outcomes = world
        .submit(&cases.iter().map(|case| &case.signed).collect::<Vec<_>>())
        .unwrap();
    for (case, outcome) in cases.iter().zip(&outcomes) {
        eprintln!("directly  {:<18} {outcome:?}", case.name);
    }
    assert_eq!(outcomes, cases.iter().map(|case| case.outcome).collect::<Vec<_>>());
    let next = world.report(2, Fault::None).unwrap();
    assert_eq!(world.submit(&[&next]).unwrap(), [Is::Accepted]);
    assert_all(world, &before, good, next, &cases);
}

fn assert_all(world: &World, before: &faults::world::Books, mut good: Vec<Signed>, next: Signed, cases: &[Case]) {
    assert_eq!(next.seq, 6);
    good.push(next);
    let expired = cases.iter().find(|case| case.outcome == Is::Expired).unwrap();
    let (digest, outcome) = world.recorded(&expired.signed).unwrap().unwrap();
    assert_eq!((digest, outcome), (expired.signed.digest, Is::Expired));
    assert!(!world.is_settled(&expired.signed).unwrap());
    let mut books = *before;
    // Advances its chain and does nothing else.
    books.statements += 1;
    assert_eq!(
        world
            .took_effect_once(&books, &good.iter().collect::<Vec<_>>())
            .unwrap(),
        5
    );
}
