namespace SchemaStream.Interop.Tests.Matrix;

/// <summary>One thing that users do with a client, and what comes of it, whichever client it is.</summary>
/// <param name="Name">As the clients' scenario files know it; behind a hyphen stands a variant.</param>
/// <param name="Shows">What it shows, for whoever reads the table.</param>
/// <param name="Outcome">JSON, the same from every client.</param>
internal sealed record Scenario(string Name, string Shows, string Outcome);

/// <summary>
/// The rows of the matrix; the columns are the classes in <c>Clients/</c>. Each of them runs every row, but for those that it
/// names as beyond its client.
/// </summary>
internal static class Scenarios
{
    private const string Compressed = """{"delivered":300,"read":300,"same":true}""";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("admin",
            "a topic is created, refused a second time, grown, described, altered, deleted",
            """{"again":36,"partitions":5,"retention":"3600000","altered":"7200000","deleted":true}"""),
        new("compression-none", "records come back as they were sent", Compressed),
        new("compression-gzip", "records come back as they were sent", Compressed),
        new("compression-snappy", "records come back as they were sent", Compressed),
        new("compression-lz4", "records come back as they were sent", Compressed),
        new("compression-zstd", "records come back as they were sent", Compressed),
        new("headers",
            "key, value, headers and a tombstone survive",
            """{"key":"k","value":"v","headers":{"trace":"abc","empty":""},"tombstone":"gone"}"""),
        new("idempotent", "an idempotent producer's records are there once and in order", """{"delivered":1000,"read":1000,"inOrder":true}"""),
        new("seek", "the first record at or after a moment is found and read from", """{"offset":8,"value":"8","low":0,"high":20}"""),
        new("resume", "who follows in a group resumes behind the commit", """{"committed":40,"resumedAt":40,"rest":60}"""),
        new("group",
            "six partitions are one member's, then three members', then two's: nothing is left out, nothing read twice",
            """{"alone":30,"three":300,"two":60,"twice":0}"""),
        new("transactions",
            "what is aborted is not read by who reads committed, offsets are committed along, the older of two producers is fenced",
            """{"committed":20,"uncommitted":30,"offset":7,"fenced":true,"aborted":0}"""),
    ];
}
