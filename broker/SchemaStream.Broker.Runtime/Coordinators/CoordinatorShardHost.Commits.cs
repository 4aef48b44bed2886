using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Coordinators;

// What waits until it is committed: replies, up to a deadline; and work, for as long as this broker leads.
internal abstract partial class CoordinatorShardHost<TShard, TDecision, TTimerKey>
{
    /// <summary>How soon a log with too few replicas in sync is looked at again.</summary>
    private const long RecheckMs = 100;

    private readonly List<PendingWork> _uncommitted = [];
    private readonly LaneTimer _recheckTimer;

    /// <summary>
    /// Does the work once all that was appended so far is committed, however long that takes while this broker leads.
    /// </summary>
    protected void OnceCommitted(Action work)
    {
        if (Partition.Replica is { } replica)
        {
            OnceCommitted(replica, replica.LogEndOffset, work);
        }
    }

    private void OnceCommitted(Partition replica, long offset, Action work)
    {
        if (replica.HighWatermark >= offset)
        {
            work();
        }
        else
        {
            replica.AwaitCommit(offset, long.MaxValue, new PendingWork(this, LeaderEpoch, offset, work));
        }
    }

    /// <summary>Too few are in sync: waiting goes on a little later, as long as this broker leads.</summary>
    private void WaitAgain(PendingWork work)
    {
        if (work.LeaderEpoch == LeaderEpoch)
        {
            _uncommitted.Add(work);
            _recheckTimer.Arm(Lane.Clock.SteadyMs + RecheckMs);
        }
    }

    private void Recheck()
    {
        var works = _uncommitted.ToArray();
        _uncommitted.Clear();
        foreach (var work in works)
        {
            if (work.LeaderEpoch == LeaderEpoch && Partition.Replica is { } replica)
            {
                OnceCommitted(replica, work.Offset, work.Work);
            }
        }
    }

    private readonly record struct DueReply(RequestToken Token, CoordinatorReply Reply);

    /// <summary>Replies that wait until what they rest on is committed.</summary>
    private sealed class PendingReplies(
        CoordinatorShardHost<TShard, TDecision, TTimerKey> host, List<DueReply> replies) : IAcknowledgement
    {
        public void Complete(ErrorCode error)
        {
            foreach (var due in replies)
            {
                host.Send(due.Token, due.Reply, error);
            }
        }
    }

    /// <summary>Work that waits until what it rests on is committed.</summary>
    private sealed class PendingWork(
        CoordinatorShardHost<TShard, TDecision, TTimerKey> host, int leaderEpoch, long offset, Action work) : IAcknowledgement
    {
        public int LeaderEpoch => leaderEpoch;

        public long Offset => offset;

        public Action Work => work;

        public void Complete(ErrorCode error)
        {
            if (error != ErrorCode.None)
            {
                host.WaitAgain(this);
            }
            else if (leaderEpoch == host.LeaderEpoch)
            {
                work();
            }
        }
    }
}
