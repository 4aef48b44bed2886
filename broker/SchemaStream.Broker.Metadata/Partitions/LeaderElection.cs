using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Partitions;

/// <summary>What an election is for.</summary>
internal enum ElectionKind
{
    /// <summary>Keep a leader that can stay, else find one that has all that was committed.</summary>
    Online,

    /// <summary>As <see cref="Online"/>, but the first replica where it can lead.</summary>
    Preferred,

    /// <summary>As <see cref="Online"/>, and at last any replica that lives: records may be lost.</summary>
    Unclean,
}

/// <summary>Who won.</summary>
/// <param name="Leader">Or <see cref="PartitionRegistration.NoLeader"/>.</param>
/// <param name="IsClean">Whether the leader is known to have all that was committed.</param>
internal readonly record struct ElectionResult(int Leader, bool IsClean);

/// <summary>
/// Who leads a partition. The rules, in order; the first that finds someone decides. A broker is <em>eligible</em> while it
/// is registered, not fenced and not in controlled shutdown. A replica <em>has all</em> if it is in the ISR, or, where the
/// ISR is empty, in the ELR.
/// <list type="number">
/// <item>Preferred elections only: the first replica, if it is eligible and has all.</item>
/// <item>The present leader, if it is eligible and has all: nothing changes without need.</item>
/// <item>The first of the replicas that is eligible and has all.</item>
/// <item>Where ISR and ELR are empty: the last known leader, if it is eligible. No one knows of a better one, but it may
/// have lost records in its crash, so this is not clean.</item>
/// <item>Unclean elections only: the first of the replicas that is eligible.</item>
/// <item>No one.</item>
/// </list>
/// </summary>
internal static class LeaderElection
{
    /// <param name="kind">What the election is for.</param>
    /// <param name="before">The leader and the last known leader are taken from here.</param>
    /// <param name="replicas">As they will be, and so the others.</param>
    /// <param name="isr">In-sync replicas.</param>
    /// <param name="elr">Eligible leader replicas.</param>
    /// <param name="isEligible">Whether a broker may lead anything.</param>
    public static ElectionResult Elect(
        ElectionKind kind,
        PartitionRegistration before,
        ImmutableArray<int> replicas,
        ImmutableArray<int> isr,
        ImmutableArray<int> elr,
        Func<int, bool> isEligible)
    {
        if (kind == ElectionKind.Preferred && CanLead(replicas[0]))
        {
            return new ElectionResult(replicas[0], IsClean: true);
        }

        if (CanLead(before.Leader))
        {
            return new ElectionResult(before.Leader, IsClean: true);
        }

        foreach (var replica in replicas)
        {
            if (CanLead(replica))
            {
                return new ElectionResult(replica, IsClean: true);
            }
        }

        if (isr.IsEmpty && elr.IsEmpty && before.LastKnownElr is [var last] && replicas.Contains(last) && isEligible(last))
        {
            return new ElectionResult(last, IsClean: false);
        }

        if (kind == ElectionKind.Unclean)
        {
            foreach (var replica in replicas)
            {
                if (isEligible(replica))
                {
                    return new ElectionResult(replica, IsClean: false);
                }
            }
        }

        return new ElectionResult(PartitionRegistration.NoLeader, IsClean: true);

        bool CanLead(int replica) =>
            (PlantedBug.ElectOutsideIsr || (isr.IsEmpty ? elr.Contains(replica) : isr.Contains(replica)))
            && replicas.Contains(replica)
            && isEligible(replica);
    }
}
