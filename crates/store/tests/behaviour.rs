//! One behaviour suite: each function takes a `&Store` and asserts one thing that the store
//! promises, whatever database is behind it. This file runs them all on SQLite.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "behaviour/captures.rs"]
mod captures;
#[path = "behaviour/cases.rs"]
mod cases;
#[path = "behaviour/deliveries.rs"]
mod deliveries;
#[path = "behaviour/events.rs"]
mod events;
#[path = "behaviour/fixture.rs"]
mod fixture;
#[path = "behaviour/inquiries.rs"]
mod inquiries;
#[path = "behaviour/items.rs"]
mod items;
#[path = "behaviour/ledger.rs"]
mod ledger;
#[path = "behaviour/lots.rs"]
mod lots;
#[path = "behaviour/master_data.rs"]
mod master_data;
#[path = "behaviour/names.rs"]
mod names;
#[path = "behaviour/outbox.rs"]
mod outbox;
#[path = "behaviour/recalls.rs"]
mod recalls;
#[path = "behaviour/registry.rs"]
mod registry;
#[path = "behaviour/subscriptions.rs"]
mod subscriptions;
#[path = "behaviour/transactions.rs"]
mod transactions;
#[path = "behaviour/verifications.rs"]
mod verifications;

/// Runs each behaviour on a new SQLite database.
macro_rules! on_sqlite {
    ($($module:ident: $($behaviour:ident),+ $(,)?;)+) => {
        mod sqlite {$(
            mod $module {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $behaviour() {
                    let directory = tempfile::tempdir().unwrap();
                    let store = theriac_store::Store::open(directory.path().join("node.db"));
                    let store = store.await.unwrap();
                    crate::$module::$behaviour(&store).await;
                    store.close().await;
                }
            )+}
        )+}
    };
}

on_sqlite! {
    inquiries:
        an_inquiry_is_on_record_once_for_each_asker, late_parties_are_those_that_owe_an_answer,
        the_last_that_a_party_told_is_kept_for_each_inquiry, who_was_told_what_is_counted;
    captures:
        a_capture_is_acknowledged_when_sealed, chunks_come_back_by_number,
        progress_is_kept, a_capture_ends_done_or_failed, captures_are_listed_newest_first,
        outcomes_tell_of_all_events_in_order, a_later_outcome_replaces_an_earlier_one,
        an_unknown_capture_is_missing, an_error_behaviour_is_kept;
    events:
        an_event_is_on_record_once, many_events_are_inserted_at_once,
        a_hash_twice_in_one_batch_is_inserted_once, an_event_comes_back_as_it_was,
        events_of_items_come_oldest_first, states_move_and_are_counted, held_events_bring_their_case,
        known_events_are_told_from_unknown;
    names:
        events_are_found_by_their_names, a_scan_goes_on_while_events_come,
        equal_times_are_in_the_order_of_admission, names_are_listed, keys_of_named_items_are_listed,
        event_ids_are_known, an_event_is_declared_erroneous, a_duplicate_declares_nothing;
    master_data:
        the_latest_capture_wins, two_spellings_are_one_element, elements_are_listed_by_vocabulary;
    subscriptions:
        a_query_is_kept_under_its_name, queries_are_listed_by_name,
        a_deleted_query_takes_its_subscriptions, a_subscription_comes_back_as_it_was,
        a_subscription_advances_and_forgets_failures, a_failed_subscription_is_due_again,
        a_stopped_subscription_is_due_no_more, what_a_client_deleted_is_told_apart;
    items:
        an_item_comes_back_as_it_was, deep_hierarchies_are_closed_up_and_down,
        named_items_are_not_on_record, a_cycle_ends, salts_survive_a_rewrite,
        places_move_and_order_a_holding, statuses_are_set_and_counted,
        every_status_is_kept, units_of_a_lot_are_listed, every_kind_of_identifier_is_kept,
        large_sets_need_no_special_care;
    lots:
        lots_come_back_as_they_were, lots_named_by_items_are_not_on_record,
        a_holding_is_known_once_inserted, holdings_are_found_by_consignee_and_opener;
    cases:
        a_case_opens_and_closes, cases_are_listed_newest_first, the_latest_case_is_the_events;
    outbox:
        operations_keep_their_order, an_operation_returns_to_the_queue, waiting_operations_wake,
        every_operation_is_kept;
    transactions:
        a_transaction_is_kept_before_it_is_sent, transactions_are_listed_by_nonce,
        a_reverted_block_takes_its_marks, transactions_know_their_events,
        the_same_transaction_is_refused_twice, whichever_attempt_is_mined_counts;
    deliveries:
        a_delivery_waits_for_its_transaction, a_failed_delivery_is_due_later,
        a_delivery_ends_acknowledged_or_refused, a_delivery_is_withdrawn_with_its_holding, a_shipment_is_recorded_once;
    ledger:
        logs_come_back_in_order, a_block_is_not_stored_twice, unwinding_forgets_what_came_later,
        a_holding_of_the_ledger_changes_hands, changes_of_a_holding_come_in_order,
        gathers_are_found_by_leaf,
        retirements_are_found_by_leaf, a_lot_of_the_ledger_is_recalled,
        a_retirement_is_undone_in_parts, what_expired_is_pruned;
    recalls:
        a_recall_is_there_once_and_changes, holders_and_events_of_a_recall_are_kept,
        what_left_holdings_is_read_for_all_at_once, units_of_a_lot_are_counted_and_found_by_status;
    registry:
        members_act_only_while_active_and_licensed, the_latest_account_comes_first,
        products_have_labelers, facts_are_remembered, statistics_count;
    verifications:
        both_messages_are_archived, the_last_usable_answer_is_found,
        responders_are_kept_by_product_and_expiry,
        links_of_a_product_are_replaced_and_forgotten;
}
