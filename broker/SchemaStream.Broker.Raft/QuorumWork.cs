using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Broker.Raft;

/// <summary>Carries out what the machine returned. The order in here is the safety of the quorum, so it is in one place.</summary>
public static class QuorumWork
{
    /// <summary>Persists and flushes, then sends, then completes.</summary>
    public static void CarryOut(Ready ready, IQuorumLog log, IQuorumOutbox outbox)
    {
#if PLANTED_BUGS
        if (PlantedBug.AcknowledgeBeforePersisting)
        {
            Send(ready, log, outbox);
            outbox.Complete(ready);
            Persist(ready, log);
            return;
        }
#endif

        Persist(ready, log);
        Send(ready, log, outbox);
        outbox.Complete(ready);
    }

    private static void Persist(Ready ready, IQuorumLog log)
    {
        if (ready.State is { } state)
        {
            // Before the log: no record may be of an epoch that was never entered.
            log.Persist(state);
        }

        foreach (var operation in ready.Log)
        {
            switch (operation)
            {
                case LogOperation.Append append:
                    log.Append(append.Batch);
                    break;
                case LogOperation.Truncate truncate:
                    log.Truncate(truncate.Offset);
                    break;
            }
        }

        if (ready.Log.Count > 0)
        {
            log.Flush();
        }
    }

    private static void Send(Ready ready, IQuorumLog log, IQuorumOutbox outbox)
    {
        foreach (var message in ready.Messages)
        {
            outbox.Send(message is FetchResponse { Outcome: FetchOutcome.Records } response
                ? response with { Batches = log.Read(response.LogEnd.EndOffset) }
                : message);
        }

        if (ready.Download is { } download)
        {
            outbox.Download(download.Leader, download.Snapshot);
        }
    }
}
