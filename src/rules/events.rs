//! What Event Grid has on a Communication Services resource.

use super::Communication;
use crate::outcome::{Unknown, UnknownCause};
use crate::snapshot::{Citation, Document, List, Unavailable};

/// A list of which a subscription may be unable to have any: its rows, and what shows it.
fn rows(list: Result<&List, Unavailable>) -> Result<(Vec<&Document>, Citation), Unknown> {
    match list {
        Ok(list) => {
            let message = "a list was kept without the answer it came from";
            let cited = list.cite().ok_or_else(|| Unknown::because(UnknownCause::CheckFailed, message, Vec::new()))?;
            Ok((list.documents()?, cited))
        }
        Err(why) => match why.no_provider() {
            Some(cited) => Ok((Vec::new(), cited)),
            None => Err(why.into()),
        },
    }
}

/// System topics that carry its events, and what shows that there are no others.
pub(super) fn topics<'a>(context: &Communication<'a>) -> Result<(Vec<&'a Document>, Citation), Unknown> {
    let (all, cited) = rows(context.service.system_topics())?;
    let mut own = Vec::new();
    for topic in all {
        if context.service.is_source_of(topic)? {
            own.push(topic);
        }
    }
    Ok((own, cited))
}

/// Event subscriptions made on the resource itself, and what shows that there are no others.
pub(super) fn direct<'a>(context: &Communication<'a>) -> Result<(Vec<&'a Document>, Citation), Unknown> {
    rows(context.service.event_subscriptions())
}

/// Event subscriptions of its topics and of the resource itself, and what shows that there are no others.
pub(super) fn subscriptions<'a>(
    context: &Communication<'a>,
) -> Result<(Vec<&'a Document>, Citation, Vec<Citation>), Unknown> {
    let (topics, first) = topics(context)?;
    let (mut all, cited) = direct(context)?;
    let mut more = vec![cited];
    for topic in topics {
        let (own, cited) = rows(context.service.subscriptions_of(topic))?;
        all.extend(own);
        more.push(cited);
    }
    Ok((all, first, more))
}
