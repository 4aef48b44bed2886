namespace SchemaStream.Broker.Coordination;

/// <summary>Which partition of <c>__consumer_offsets</c> holds a group. It is Kafka's choice, so that tools agree.</summary>
public static class GroupPartitioner
{
    /// <summary>Java's hash of the string, made non-negative as Kafka does, modulo the count.</summary>
    public static int PartitionFor(string groupId, int partitionCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitionCount, 1);
        var hash = 0;
        foreach (var unit in groupId)
        {
            hash = unchecked((31 * hash) + unit);
        }

        // Kafka's abs maps int.MinValue to 0.
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitionCount;
    }
}
