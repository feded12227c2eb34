//! The synthetic data: deterministic by day, and joined in ways that mean something.

use amc_fleet_emulator::query::QueryEngine;

use crate::support::{answer, engine, number, query, rows, window};

#[tokio::test]
async fn a_base_table_has_its_rows_in_any_thirty_days() {
    let engine = engine(1_003);
    for table in [
        "dsp_impressions",
        "sponsored_ads_traffic",
        "conversions",
        "amazon_attributed_events_by_conversion_time",
    ] {
        for (start, end) in [
            ("2025-09-01T00:00:00Z", "2025-10-01T00:00:00Z"),
            ("2025-02-13T00:00:00Z", "2025-03-15T00:00:00Z"),
        ] {
            let mut asked = query(&format!("SELECT COUNT(*) FROM {table}"));
            asked.window = window(start, end);
            let (_, rows) = answer(&engine, &asked).await.unwrap();
            assert_eq!(rows[0][0].as_deref(), Some("1003"), "{table} from {start}");
        }
    }
}

#[tokio::test]
async fn windows_that_share_a_day_see_the_same_rows() {
    let engine = engine(900);
    let sql = "SELECT request_tag, campaign, impression_dt_utc, supply_cost FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P0D', 'P0D'))
               WHERE impression_date_utc = CAST('2025-09-10' AS DATE)";
    let sql = format!(
        "SELECT campaign, impression_dt_utc, COUNT(DISTINCT request_tag) AS n, SUM(supply_cost) AS c FROM ({sql}) GROUP BY 1, 2"
    );
    let mut answers = Vec::new();
    for (start, end) in
        [("2025-09-01T00:00:00Z", "2025-09-20T00:00:00Z"), ("2025-09-10T00:00:00Z", "2025-09-11T00:00:00Z")]
    {
        let mut asked = query(&sql);
        asked.window = window(start, end);
        let (_, mut rows) = answer(&engine, &asked).await.unwrap();
        rows.sort();
        answers.push(rows);
    }
    assert_eq!(answers[0].len(), 30);
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn the_window_is_half_open() {
    let engine = engine(3_000);
    let mut asked =
        query("SELECT MIN(impression_dt_utc) AS first, MAX(impression_dt_utc) AS last FROM dsp_impressions");
    asked.window = window("2025-09-10T06:00:00Z", "2025-09-12T18:00:00Z");
    let (_, rows) = answer(&engine, &asked).await.unwrap();
    assert!(rows[0][0].as_deref() >= Some("2025-09-10T06:00:00.000Z"), "{rows:?}");
    assert!(rows[0][1].as_deref() < Some("2025-09-12T18:00:00.000Z"), "{rows:?}");
}

#[tokio::test]
async fn instances_differ() {
    let engine = engine(300);
    let mut asked = query("SELECT campaign, SUM(supply_cost) AS c FROM dsp_impressions GROUP BY 1");
    let first = answer(&engine, &asked).await.unwrap().1;
    asked.instance_id = "amcother".to_owned();
    assert_ne!(first, answer(&engine, &asked).await.unwrap().1);
}

#[tokio::test]
async fn every_click_and_view_belongs_to_an_impression() {
    let engine = engine(3_000);
    for (table, key) in [("dsp_clicks", "request_tag")] {
        let all = number(&engine, &format!("SELECT COUNT(*) FROM {table}")).await;
        let joined = format!(
            "SELECT COUNT(*) FROM {table} t JOIN dsp_impressions i ON t.{key} = i.request_tag AND t.user_id = i.user_id WHERE t.user_id IS NOT NULL"
        );
        let anonymous = number(&engine, &format!("SELECT COUNT(*) FROM {table} WHERE user_id IS NULL")).await;
        assert_eq!(number(&engine, &joined).await + anonymous, all, "{table}");
    }
}

#[tokio::test]
async fn conversions_follow_the_ads_they_are_credited_to() {
    let engine = engine(3_000);
    let late = "SELECT COUNT(*) FROM amazon_attributed_events_by_conversion_time
                WHERE SECONDS_BETWEEN(traffic_event_dt_utc, conversion_event_dt_utc) < 0
                   OR SECONDS_BETWEEN(traffic_event_dt_utc, conversion_event_dt_utc) > 60*60*24*14";
    assert_eq!(number(&engine, late).await, 0);
    let linked = "SELECT COUNT(*) FROM amazon_attributed_events_by_traffic_time a
                  JOIN sponsored_ads_traffic t ON a.traffic_event_id = t.event_id AND a.campaign_id_string = t.campaign_id_string
                  WHERE a.ad_product_type IS NOT NULL";
    let all =
        "SELECT COUNT(*) FROM amazon_attributed_events_by_traffic_time WHERE ad_product_type IS NOT NULL";
    assert_eq!(number(&engine, linked).await, number(&engine, all).await);
    assert!(number(&engine, all).await > 500);
}

#[tokio::test]
async fn every_documented_table_gives_rows() {
    let engine = engine(600);
    let mut empty = Vec::new();
    for source in engine.data_sources("amctest0001") {
        if number(&engine, &format!("SELECT COUNT(*) FROM {}", source.id)).await == 0 {
            empty.push(source.id);
        }
    }
    assert!(empty.is_empty(), "{empty:?}");
}

#[tokio::test]
async fn every_column_has_values() {
    let engine = engine(600);
    let mut empty = Vec::new();
    for source in engine.data_sources("amctest0001") {
        let counts: Vec<String> = source
            .columns
            .iter()
            .enumerate()
            .map(|(n, column)| format!("SUM(IF({} IS NULL, 0, 1)) AS c{n}", column.name))
            .collect();
        let found = rows(&engine, &format!("SELECT {} FROM {}", counts.join(", "), source.id)).await;
        let nothing = source.columns.iter().zip(&found[0]).filter(|(_, count)| count.as_deref() == Some("0"));
        empty.extend(nothing.map(|(column, _)| format!("{}.{}", source.id, column.name)));
    }
    // Deals are hidden from audiences.
    empty.retain(|name| !(name.starts_with("dsp_") && name.contains("_for_audiences.deal_")));
    assert!(empty.is_empty(), "{empty:?}");
}

#[tokio::test]
async fn views_belong_to_impressions() {
    let engine = engine(1_000);
    let all = number(&engine, "SELECT COUNT(DISTINCT impression_id) FROM dsp_views").await;
    let joined = "SELECT COUNT(DISTINCT v.impression_id) FROM dsp_views v JOIN dsp_impressions i ON v.impression_id = i.request_tag";
    assert_eq!(number(&engine, joined).await, all);
    assert_eq!(all, 1_000);
}

#[tokio::test]
async fn whole_money_is_in_units_of_the_currency() {
    let engine = engine(1_000);
    let off = "SELECT COUNT(*) FROM conversions_all WHERE total_product_sales > 0
               AND (combined_sales > total_product_sales OR combined_sales <= total_product_sales - 1)";
    assert_eq!(number(&engine, off).await, 0);
}

#[tokio::test]
async fn campaigns_have_dates() {
    let engine = engine(300);
    for table in ["sponsored_ads_traffic", "conversions_with_relevance"] {
        let running = format!(
            "SELECT COUNT(*) FROM {table} WHERE event_date_utc BETWEEN campaign_start_date_utc AND campaign_end_date_utc"
        );
        assert!(number(&engine, &running).await >= 300, "{table}");
    }
}

#[tokio::test]
async fn segments_lie_in_their_region() {
    let engine = engine(1_000);
    for (table, inside) in [("amer", "1"), ("eu", "3, 4, 5, 35691, 44551"), ("apac", "6, 44571, 111172")] {
        let table = format!("audience_segments_{table}_lifestyle");
        let all = number(&engine, &format!("SELECT COUNT(*) FROM {table}")).await;
        let named = format!(
            "SELECT COUNT(*) FROM {table} s JOIN segment_metadata m ON s.segment_id = m.segment_id
               AND s.segment_marketplace_id = m.segment_marketplace_id AND s.segment_name = m.segment_name
             WHERE s.segment_marketplace_id IN ({inside})"
        );
        assert_eq!(number(&engine, &named).await, all, "{table}");
    }
    let told = "SELECT COUNT(*) FROM segment_metadata WHERE (segment_name LIKE 'LS%') <> (category_level_1 = 'Lifestyle')";
    assert_eq!(number(&engine, told).await, 0);
}

#[tokio::test]
async fn what_is_done_to_no_product_has_no_scope() {
    let engine = engine(1_000);
    for scope in ["= 'PROMOTED'", "= 'BRAND_HALO'", "IS NULL"] {
        let sql = format!("SELECT COUNT(*) FROM conversions_with_relevance WHERE engagement_scope {scope}");
        assert!(number(&engine, &sql).await > 0, "{scope}");
    }
}

#[tokio::test]
async fn audiences_do_not_see_deals() {
    let engine = engine(3_000);
    assert!(number(&engine, "SELECT COUNT(*) FROM dsp_impressions WHERE deal_id IS NOT NULL").await > 0);
    assert_eq!(
        number(&engine, "SELECT COUNT(*) FROM dsp_impressions_for_audiences WHERE deal_id IS NOT NULL").await,
        0
    );
    let open = number(&engine, "SELECT COUNT(*) FROM dsp_impressions WHERE deal_id IS NULL").await;
    assert_eq!(number(&engine, "SELECT COUNT(*) FROM dsp_impressions_for_audiences").await, open);
}
