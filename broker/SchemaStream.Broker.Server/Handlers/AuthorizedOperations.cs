namespace SchemaStream.Broker.Server.Handlers;

/// <summary>
/// What a client may do, as bits by Kafka's numbers of operations. Without access rules that is all there is to do with a
/// resource of the kind; it is told to who asks only.
/// </summary>
internal static class AuthorizedOperations
{
    /// <summary>Told where no one asked.</summary>
    public const int NotAsked = int.MinValue;

    // Kafka's numbers.
    private const int Read = 3;
    private const int Write = 4;
    private const int Create = 5;
    private const int Delete = 6;
    private const int Alter = 7;
    private const int Describe = 8;
    private const int ClusterAction = 9;
    private const int DescribeConfigs = 10;
    private const int AlterConfigs = 11;
    private const int IdempotentWrite = 12;

    public static int OfTopic { get; } = Bits(Read, Write, Create, Describe, Delete, Alter, DescribeConfigs, AlterConfigs);

    public static int OfCluster { get; } = Bits(Create, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite, Alter, Describe);

    public static int OfGroup { get; } = Bits(Read, Describe, Delete, DescribeConfigs, AlterConfigs);

    private static int Bits(params ReadOnlySpan<int> operations)
    {
        var bits = 0;
        foreach (var operation in operations)
        {
            bits |= 1 << operation;
        }

        return bits;
    }
}
