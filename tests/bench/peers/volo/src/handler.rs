//! The calls of the benchmark; the others fail.
use std::collections::BTreeMap;
use std::sync::RwLock;
use std::time::Duration;

use pilota::{AHashMap, Bytes, FastStr};
use volo_thrift::{ApplicationException, ApplicationExceptionKind, MaybeException, ServerError};

use crate::generated::{
    Address, Conformance, ConformanceFailException, ConformanceGetException, EveryType, NotFound,
};

pub struct Handler {
    records: RwLock<Records>,
}

struct Records {
    by_id: BTreeMap<i64, Address>,
    next_id: i64,
}

impl Handler {
    pub fn new() -> Self {
        let first = Address {
            id: Some(1),
            full_name: "Dunlin Calidris alpina".into(),
            emails: Some(vec![
                "dunlin@wader.example".into(),
                "calidris.alpina@shore.example".into(),
            ]),
            labels: Some(AHashMap::from_iter([
                ("habitat".into(), "mudflat".into()),
                ("order".into(), "Charadriiformes".into()),
            ])),
            updated_at_ms: Some(1_700_000_000_000),
        };
        Handler {
            records: RwLock::new(Records {
                by_id: BTreeMap::from([(1, first)]),
                next_id: 1000,
            }),
        }
    }
}

fn not_here<T>() -> Result<T, ServerError> {
    Err(ServerError::Application(ApplicationException::new(
        ApplicationExceptionKind::UNKNOWN_METHOD,
        "not a call of the benchmark",
    )))
}

impl Conformance for Handler {
    async fn ping(&self) -> Result<FastStr, ServerError> {
        Ok(FastStr::from_static_str("pong"))
    }

    async fn put(&self, mut address: Address) -> Result<Address, ServerError> {
        let mut records = self.records.write().expect("nobody panics with the lock");
        let id = address.id.unwrap_or(records.next_id);
        if address.id.is_none() {
            records.next_id += 1;
            address.id = Some(id);
        }
        records.by_id.insert(id, address.clone());
        Ok(address)
    }

    async fn get(
        &self,
        id: i64,
    ) -> Result<MaybeException<Address, ConformanceGetException>, ServerError> {
        let records = self.records.read().expect("nobody panics with the lock");
        Ok(match records.by_id.get(&id) {
            Some(found) => MaybeException::Ok(found.clone()),
            None => MaybeException::Exception(ConformanceGetException::NotFound(NotFound {
                message: Some(format!("no address has id {id}").into()),
            })),
        })
    }

    async fn echo(&self, payload: Bytes) -> Result<Bytes, ServerError> {
        Ok(payload)
    }

    async fn sleep(&self, ms: i32) -> Result<FastStr, ServerError> {
        tokio::time::sleep(Duration::from_millis(ms.max(0) as u64)).await;
        Ok(format!("slept {ms}").into())
    }

    async fn now_ms(&self) -> Result<i64, ServerError> {
        not_here()
    }

    async fn search(&self, _: FastStr, _: i32) -> Result<Vec<Address>, ServerError> {
        not_here()
    }

    async fn touch(&self, _: i64) -> Result<(), ServerError> {
        not_here()
    }

    async fn spin(&self, _: i32) -> Result<FastStr, ServerError> {
        not_here()
    }

    async fn block(&self, _: i32) -> Result<FastStr, ServerError> {
        not_here()
    }

    async fn cancelled(&self) -> Result<i64, ServerError> {
        not_here()
    }

    async fn everything(&self, _: EveryType) -> Result<EveryType, ServerError> {
        not_here()
    }

    async fn context(&self) -> Result<AHashMap<FastStr, FastStr>, ServerError> {
        not_here()
    }

    async fn fail(
        &self,
        _: FastStr,
    ) -> Result<MaybeException<FastStr, ConformanceFailException>, ServerError> {
        not_here()
    }

    async fn nothing(&self) -> Result<(), ServerError> {
        Ok(())
    }
}
