namespace ICPO.Actors.Ownership;

/// <summary>
/// The statements on <c>run_owner</c>. Each is one round trip: a core that is disconnected in the middle of one leaves no lock.
/// </summary>
internal static class OwnerSql
{
    /// <summary>
    /// $1 run, $2 node, $3 token, $4 persistence id. Returns the epoch; no row if the journal already contains the run. A repeated
    /// statement of the same token changes nothing.
    /// </summary>
    public const string TakeNew = """
        INSERT INTO run_owner (run_id, epoch, node, token, taken, seen)
        SELECT $1, 1, $2, $3, now(), now() WHERE NOT EXISTS (SELECT 1 FROM journal WHERE persistence_id = $4)
        ON CONFLICT (run_id) DO UPDATE SET seen = now() WHERE run_owner.token = excluded.token
        RETURNING epoch
        """;

    /// <summary>
    /// As <see cref="TakeNew"/>, of a run that was started before; always returns an epoch. A run of an earlier version has no row: it has
    /// started at most as many epochs as it has events.
    /// </summary>
    public const string Take = """
        INSERT INTO run_owner (run_id, epoch, node, token, taken, seen)
        SELECT $1, coalesce(max(sequence_number), 0) + 1, $2, $3, now(), now() FROM journal WHERE persistence_id = $4
        ON CONFLICT (run_id) DO UPDATE SET
            epoch = CASE WHEN run_owner.token = excluded.token THEN run_owner.epoch ELSE run_owner.epoch + 1 END,
            node = excluded.node, token = excluded.token, taken = now(), seen = now()
        RETURNING epoch
        """;

    /// <summary>$1 run, $2 epoch.</summary>
    public const string Beat = "UPDATE run_owner SET seen = now() WHERE run_id = $1 AND epoch = $2";

    /// <summary>$1 run, $2 epoch. A process that takes ownership waits for the transaction of this one to end.</summary>
    public const string Mine = "SELECT epoch FROM run_owner WHERE run_id = $1 AND epoch = $2 FOR SHARE";

    /// <summary>$1 run.</summary>
    public const string Owner = "SELECT epoch, node, taken FROM run_owner WHERE run_id = $1";

    /// <summary>
    /// $1 run, $2 epoch, $3 segment, $4 starts, $5 payloads. Returns one row, or none if the run has another owner. Repeating it changes
    /// nothing: no other process appends to this segment.
    /// </summary>
    public const string Append = $"""
        WITH mine AS ({Mine}), stored AS (
            INSERT INTO payload (run_id, segment, start, data)
            SELECT $1, $3, blob.start, blob.data FROM mine, unnest($4, $5) AS blob (start, data)
            ON CONFLICT DO NOTHING)
        SELECT epoch FROM mine
        """;

    /// <summary>$1 run, $2 epoch, $3 segment, $4 start. Returns one row, or none if the run has another owner.</summary>
    public const string DeleteBefore = $"""
        WITH mine AS ({Mine}), gone AS (
            DELETE FROM payload USING mine WHERE run_id = $1 AND (segment, start) < ($3, $4))
        SELECT epoch FROM mine
        """;

    /// <summary>
    /// $1 run, $2 epoch, $3 persistence id, $4 last event to delete, $5 manifests of the events to keep. The last event is kept, too, since
    /// the next sequence number follows it. Returns one row, or none if the run has another owner.
    /// </summary>
    public const string DeleteEvents = $"""
        WITH mine AS ({Mine}), kept AS (
            UPDATE journal SET deleted = true FROM mine
            WHERE persistence_id = $3 AND sequence_number <= $4 AND NOT deleted AND (sequence_number = $4 OR manifest = ANY ($5))
        ), gone AS (
            DELETE FROM journal USING mine
            WHERE persistence_id = $3 AND sequence_number < $4 AND NOT coalesce(manifest = ANY ($5), false))
        SELECT epoch FROM mine
        """;

    /// <summary>
    /// $1 run, $2 epoch, $3 kinds, $4 numbers, $5 JSON texts. Returns one row, or none if the run has another owner.
    /// </summary>
    public const string Note = $"""
        WITH mine AS ({Mine}), stored AS (
            INSERT INTO run_note (run_id, kind, number, value)
            SELECT $1, note.kind, note.number, note.value::json FROM mine, unnest($3, $4, $5) AS note (kind, number, value)
            ON CONFLICT (run_id, kind, number) DO UPDATE SET value = excluded.value)
        SELECT epoch FROM mine
        """;

    /// <summary>$1 run.</summary>
    public const string LastNotes = "SELECT kind, max(number) FROM run_note WHERE run_id = $1 GROUP BY kind";
}
