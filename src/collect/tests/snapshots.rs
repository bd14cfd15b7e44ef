//! The automated backups of clusters.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::kinds;

fn page(marker: &str, backups: &str) -> String {
    format!(
        "<DescribeDBClusterAutomatedBackupsResponse><DescribeDBClusterAutomatedBackupsResult>{marker}<DBClusterAutomatedBackups>{backups}\
         </DBClusterAutomatedBackups></DescribeDBClusterAutomatedBackupsResult></DescribeDBClusterAutomatedBackupsResponse>"
    )
}

#[tokio::test]
async fn backups_of_clusters_come_in_pages_and_documentdb_keeps_its_own() {
    let retained = "<DBClusterAutomatedBackup><Engine>aurora-mysql</Engine><DBClusterIdentifier>shop</DBClusterIdentifier>\
                    <DbClusterResourceId>cluster-ABC</DbClusterResourceId><Status>retained</Status><StorageEncrypted>false</StorageEncrypted>\
                    <RestoreWindow><EarliestTime>2026-10-01T00:00:00Z</EarliestTime><LatestTime>2026-10-08T00:00:00Z</LatestTime></RestoreWindow>\
                    </DBClusterAutomatedBackup>";
    let foreign = "<DBClusterAutomatedBackup><Engine>docdb</Engine><DBClusterIdentifier>sessions</DBClusterIdentifier></DBClusterAutomatedBackup>";
    let wire = Replay::default()
        .on(&["Action=DescribeDBClusterAutomatedBackups"], page("<Marker>second</Marker>", foreign))
        .on(&["Action=DescribeDBClusterAutomatedBackups", "Marker=second"], page("", retained));
    let scope = wire.collect(&["rds:DescribeDBClusterAutomatedBackups"]).await;
    let found: Vec<_> = scope.resources.iter().filter(|resource| resource.kind == kinds::DB_CLUSTER_AUTOMATED_BACKUP).collect();
    assert_eq!(
        found.iter().map(|resource| &resource.arn).collect::<Vec<_>>(),
        ["arn:aws:rds:us-east-1:111122223333:cluster-auto-backup:cluster-ABC"]
    );
    let data: Value = found[0].data().unwrap();
    assert_eq!((&data["StorageEncrypted"], &data["RestoreWindow"]["LatestTime"]), (&json!(false), &json!("2026-10-08T00:00:00Z")));
    assert_eq!(scope.gaps, []);
}
