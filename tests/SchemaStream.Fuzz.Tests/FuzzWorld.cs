namespace SchemaStream.Fuzz.Tests;

/// <summary>What exists on the broker that is fuzzed, so that random requests reach beyond "unknown topic".</summary>
internal sealed record FuzzWorld(string Topic, Guid TopicId, long ProducerId)
{
    private static readonly string[] Names =
    [
        "group", "group-2", "member", "missing", "range", "uniform", "consumer", "fuzz-transaction", "__consumer_offsets", "__transaction_state",
        "__cluster_metadata", "", ".", "..", "a/b", "../../etc", "1", "-1", "retention.ms", "cleanup.policy", "compact", "delete",
        "max.message.bytes", "client-id", "user", "metadata.version", "transaction.version", "(a+)+$", ".*", "[", "é漢😀", "\0", "%s%n{0}",
    ];

    /// <summary>Names that exist first of all, then those that may hurt.</summary>
    public string Text(Random random, string field)
    {
        if (field.Contains("Topic", StringComparison.Ordinal) && random.Next(3) > 0)
        {
            return Topic;
        }

        return random.Next(12) switch
        {
            < 3 => Topic,
            3 => new string('x', random.Next(300)),
            4 => $"made-{random.Next(100)}",
            _ => Names[random.Next(Names.Length)],
        };
    }
}
