using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SchemaStream.Testing.Fakes;

/// <summary>
/// A group's members and offsets. Members share the partitions in the order in which they came; whoever comes or goes has all
/// of them give up what they have first, as the classic protocol does.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore whose handle nobody asks for holds nothing.")]
internal sealed class MemoryGroup(MemoryBroker broker)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<MemoryConsumer> _members = [];
    private readonly ConcurrentDictionary<(string Topic, int Partition), long> _offsets = new();
    private int _generation;

    /// <summary>How often the members have shared the partitions anew.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public long? Committed(string topic, int partition) => _offsets.TryGetValue((topic, partition), out var offset) ? offset : null;

    public void Commit(string topic, int partition, long offset) => _offsets[(topic, partition)] = offset;

    public async Task JoinAsync(MemoryConsumer member)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!member.IsClosing)
            {
                await RevokeAsync(_members).ConfigureAwait(false);
                _members.Add(member);
                Assign();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task LeaveAsync(MemoryConsumer member)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_members.Remove(member))
            {
                await RevokeAsync([member, .. _members]).ConfigureAwait(false);
                Assign();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The application's code runs here, and may wait for its handlers: each member for its own, none for another's.</summary>
    private static Task RevokeAsync(IEnumerable<MemoryConsumer> members) =>
        Task.WhenAll(members.Select(member => Task.Run(member.Revoke)));

    /// <summary>Topic by topic: members of one group may read different ones, and all have given up what they had.</summary>
    private void Assign()
    {
        Interlocked.Increment(ref _generation);
        foreach (var readers in _members.GroupBy(member => member.Topic, StringComparer.Ordinal))
        {
            var members = readers.ToList();
            var partitions = Enumerable.Range(0, broker.PartitionCount(readers.Key)).ToList();
            for (var index = 0; index < members.Count; index++)
            {
                var at = index;
                members[index].Assign([.. partitions.Where(partition => partition % members.Count == at)]);
            }
        }
    }
}
