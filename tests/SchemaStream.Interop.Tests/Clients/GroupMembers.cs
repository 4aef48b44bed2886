using System.Diagnostics;
using Confluent.Kafka;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>Members of one group that come and go; each turn asks each of them for a record, as its own loop would.</summary>
internal sealed class GroupMembers(Func<IConsumer<string?, string?>> newMember, string topic) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    private readonly List<IConsumer<string?, string?>> _members = [];
    private readonly HashSet<(int Partition, long Offset)> _seen = [];

    /// <summary>Records that came more than once.</summary>
    public int Twice { get; private set; }

    /// <summary>The members that are there, the oldest first.</summary>
    public IReadOnlyList<IConsumer<string?, string?>> Members => _members;

    public void Join()
    {
        var member = newMember();
        member.Subscribe(topic);
        _members.Add(member);
    }

    /// <summary>The youngest goes in order.</summary>
    public void Leave()
    {
        _members[^1].Close();
        _members[^1].Dispose();
        _members.RemoveAt(_members.Count - 1);
    }

    /// <summary>Goes on until the members have so many partitions each.</summary>
    public void Settle(params int[] shares) => Until(() => Shares().SequenceEqual(shares), () => string.Join(", ", Shares()));

    /// <summary>Reads so many records between them, and has each commit what it read.</summary>
    public int ReadAndCommit(int count)
    {
        var before = _seen.Count + Twice;
        Until(() => _seen.Count + Twice - before >= count, () => $"{_seen.Count + Twice - before} of {count} records");
        foreach (var member in _members)
        {
            Until(() => HasCommitted(member), () => "a group that rebalances and refuses commits");
        }

        return _seen.Count + Twice - before;
    }

    public void Dispose()
    {
        foreach (var member in _members)
        {
            member.Close();
            member.Dispose();
        }
    }

    /// <summary>A member that has to join anew may not commit before it has: as with Kafka, it reads on and commits then.</summary>
    private static bool HasCommitted(IConsumer<string?, string?> member)
    {
        try
        {
            member.Commit();
            return true;
        }
        catch (KafkaException late) when (late.Error.Code is ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress)
        {
            return false;
        }
    }

    private int[] Shares() => [.. _members.Select(member => member.Assignment.Count).Order()];

    private void Until(Func<bool> holds, Func<string> found)
    {
        for (var watch = Stopwatch.StartNew(); !holds();)
        {
            if (watch.Elapsed > Limit)
            {
                throw new TimeoutException($"In {Limit} it came to this only: {found()}");
            }

            foreach (var member in _members)
            {
                if (member.Consume(Turn) is { } record && !_seen.Add((record.Partition, record.Offset)))
                {
                    Twice++;
                }
            }
        }
    }
}
