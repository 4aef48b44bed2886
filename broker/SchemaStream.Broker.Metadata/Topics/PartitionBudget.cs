namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>How many partitions a request may still create.</summary>
internal sealed class PartitionBudget(ControllerDraft draft)
{
    private readonly int _existing = draft.Image.PartitionCount;
    private int _created;

    /// <summary>Why so many more are too many; null if they are not, and then they are counted.</summary>
    public string? Take(int count)
    {
        if (Exceeded(count) is { } reason)
        {
            return reason;
        }

        _created += count;
        return null;
    }

    /// <summary>As <see cref="Take"/>, without counting: asked before anything of this size is laid out.</summary>
    public string? Exceeded(int count)
    {
        if ((long)_created + count > draft.Options.MaxPartitionsPerRequest)
        {
            return $"Excessively large number of partitions per request: more than {draft.Options.MaxPartitionsPerRequest}.";
        }

        return (long)_existing + _created + count > draft.Options.MaxPartitions
            ? $"The cluster would have more than {draft.Options.MaxPartitions} partitions."
            : null;
    }
}
