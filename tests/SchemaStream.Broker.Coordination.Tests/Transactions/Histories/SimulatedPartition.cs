namespace SchemaStream.Broker.Coordination.Tests.Transactions.Histories;

/// <summary>A partition as far as transactions go: what was written by whom, and how it ended.</summary>
internal sealed class SimulatedPartition(string topic)
{
    private readonly Dictionary<long, (short Epoch, HashSet<int> Open)> _producers = [];

    public string Topic => topic;

    /// <summary>By attempt: whether its records here are committed.</summary>
    public Dictionary<int, bool> Outcomes { get; } = [];

    /// <summary>Attempts with records here that have no marker.</summary>
    public IEnumerable<int> Open => _producers.Values.SelectMany(producer => producer.Open);

    /// <returns>False for a producer that was fenced.</returns>
    public bool TryWrite(long producerId, short epoch, int attempt)
    {
        var (known, open) = _producers.GetValueOrDefault(producerId, (epoch, []));
        if (epoch < known)
        {
            return false;
        }

        if (epoch > known)
        {
            open.ShouldBeEmpty("what an older epoch left open was ended before the next epoch was given out");
        }

        open.Add(attempt);
        _producers[producerId] = (epoch, open);
        return true;
    }

    public void WriteMarker(long producerId, short epoch, bool commit)
    {
        var (known, open) = _producers.GetValueOrDefault(producerId, (epoch, []));
        epoch.ShouldBeGreaterThanOrEqualTo(known, "a marker's epoch is never behind its partition");
        foreach (var attempt in open)
        {
            (Outcomes.TryGetValue(attempt, out var before) ? before : commit).ShouldBe(commit, $"attempt {attempt} ended once");
            Outcomes[attempt] = commit;
        }

        _producers[producerId] = (epoch, []);
    }
}
