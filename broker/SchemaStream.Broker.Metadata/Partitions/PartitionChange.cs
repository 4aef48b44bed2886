using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Partitions;

/// <summary>
/// One change of one partition: the caller says what shall be, <see cref="Build"/> works out all that follows from it, in
/// this order: a reassignment that is complete, the ELR, the leader, the epochs, the last known leader.
/// </summary>
/// <param name="before">The partition as it is.</param>
/// <param name="minInSyncReplicas">The topic's min.insync.replicas.</param>
internal sealed class PartitionChange(PartitionRegistration before, int minInSyncReplicas)
{
    public ImmutableArray<int> Replicas { get; set; } = before.Replicas;

    public ImmutableArray<int> Isr { get; set; } = before.Isr;

    public ImmutableArray<int> AddingReplicas { get; set; } = before.AddingReplicas;

    public ImmutableArray<int> RemovingReplicas { get; set; } = before.RemovingReplicas;

    /// <summary>A replica that may have lost what it once had: it is taken out of the ISR and the ELR.</summary>
    public int? StoppedUncleanly { get; set; }

    /// <summary>Whether <see cref="StoppedUncleanly"/> came back on another disk: it has nothing of this partition.</summary>
    public bool LostItsDisk { get; set; }

    /// <summary>A change that readers must learn of though no field shows it.</summary>
    public bool BumpsPartitionEpoch { get; set; }

    public ElectionKind Election { get; set; } = ElectionKind.Online;

    /// <summary>The partition after the change, or null if nothing changes.</summary>
    /// <param name="isEligible">Whether a broker may lead anything.</param>
    public PartitionRegistration? Build(Func<int, bool> isEligible)
    {
        if (StoppedUncleanly is { } lost)
        {
            Isr = Isr.Remove(lost);
        }

        CompleteReassignment();
        var elr = NewElr();
        var elected = LeaderElection.Elect(Election, before, Replicas, Isr, elr, isEligible);
        if (elected.Leader != PartitionRegistration.NoLeader)
        {
            if (!Isr.Contains(elected.Leader))
            {
                // From the ELR, or uncleanly: the leader's log is now what the others are measured by.
                Isr = [elected.Leader];
                CompleteReassignment();
            }

            elr = elected.IsClean && !HasMinIsr ? [.. elr.Where(replica => replica != elected.Leader && Replicas.Contains(replica))] : [];
        }

        var leaderChanged = elected.Leader != before.Leader;
        var after = new PartitionRegistration
        {
            Replicas = Kept(Replicas, before.Replicas),
            Isr = Kept(Isr, before.Isr),
            Elr = Kept(elr, before.Elr),
            LastKnownElr = Kept(LastKnown(elected.Leader), before.LastKnownElr),
            AddingReplicas = Kept(AddingReplicas, before.AddingReplicas),
            RemovingReplicas = Kept(RemovingReplicas, before.RemovingReplicas),
            Leader = elected.Leader,

            // A replica that was taken away may still believe that it belongs here: a new leader epoch tells it otherwise.
            LeaderEpoch = before.LeaderEpoch + (leaderChanged || LosesReplica ? 1 : 0),
            PartitionEpoch = before.PartitionEpoch + 1,
        };
        return BumpsPartitionEpoch || !IsSame(after) ? after : null;
    }

    private bool HasMinIsr => Isr.Length >= Math.Min(minInSyncReplicas, Replicas.Length);

    private bool LosesReplica => before.Replicas.Any(replica => !Replicas.Contains(replica));

    /// <summary>A reassignment is complete once every replica that shall be there is in sync.</summary>
    private void CompleteReassignment()
    {
        if (AddingReplicas.IsEmpty && RemovingReplicas.IsEmpty)
        {
            return;
        }

        var target = Replicas.RemoveRange(RemovingReplicas);
        if (target.All(Isr.Contains))
        {
            Replicas = target;
            Isr = [.. Isr.Where(target.Contains)];
            AddingReplicas = [];
            RemovingReplicas = [];
        }
    }

    /// <summary>
    /// Who was in the ISR or the ELR and is not in the ISR now. They have all that was committed until there is a leader with
    /// an ISR that is large enough to commit more.
    /// </summary>
    private ImmutableArray<int> NewElr() =>
        [.. Replicas.Where(replica =>
            (before.Elr.Contains(replica) || before.Isr.Contains(replica)) && !Isr.Contains(replica) && replica != StoppedUncleanly)];

    private ImmutableArray<int> LastKnown(int leader)
    {
        if (leader != PartitionRegistration.NoLeader)
        {
            return [];
        }

        // Metadata from before ELRs kept the last in sync in the ISR of a partition without leader.
        var last = before.HasLeader ? [before.Leader]
            : before.LastKnownElr.IsEmpty && Isr.IsEmpty && before.Isr.Length == 1 ? before.Isr
            : before.LastKnownElr;
        return LostItsDisk && last is [var lost] && lost == StoppedUncleanly ? [] : last;
    }

    private bool IsSame(PartitionRegistration after) =>
        after.Replicas == before.Replicas
        && after.Isr == before.Isr
        && after.Elr == before.Elr
        && after.LastKnownElr == before.LastKnownElr
        && after.AddingReplicas == before.AddingReplicas
        && after.RemovingReplicas == before.RemovingReplicas
        && after.Leader == before.Leader
        && after.LeaderEpoch == before.LeaderEpoch;

    /// <summary>The array that is there already, if it says the same: equal then means identical.</summary>
    private static ImmutableArray<int> Kept(ImmutableArray<int> after, ImmutableArray<int> before) =>
        after.AsSpan().SequenceEqual(before.AsSpan()) ? before : after;
}
