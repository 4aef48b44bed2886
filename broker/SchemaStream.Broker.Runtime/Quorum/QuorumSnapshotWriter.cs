using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// Writes a snapshot under another name, and gives it its own only once all of it is on disk: header, voters, records,
/// footer, each a record batch with its checksum.
/// </summary>
internal static class QuorumSnapshotWriter
{
    public static void Write(
        ILogDirectory directory,
        EpochEnd snapshot,
        VoterSet voters,
        IEnumerable<IReadOnlyList<IRecordMessage>> records,
        long nowMs)
    {
        var name = QuorumSnapshotFile.NameOf(snapshot);
        var part = name + QuorumSnapshotFile.PartSuffix;
        directory.Delete(part);
        using (var file = directory.Open(part))
        {
            var position = Append(file, 0, ControlBatches.Header(snapshot, nowMs));
            position = Append(file, position, ControlBatches.Voters(1, snapshot.LeaderEpoch, voters, nowMs));
            const long FirstOffset = 2;
            var nextOffset = FirstOffset;
            foreach (var list in records)
            {
                if (list.Count > 0)
                {
                    position = Append(file, position, QuorumBatches.Build(nextOffset, snapshot.LeaderEpoch, list, nowMs));
                    nextOffset += list.Count;
                }
            }

            Append(file, position, ControlBatches.Footer(nextOffset, snapshot.LeaderEpoch, nextOffset - FirstOffset, nowMs));
            file.Flush();
        }

        directory.Rename(part, name);
        directory.Sync();
    }

    private static long Append(ILogFile file, long position, byte[] batch)
    {
        Invariant.That(batch.Length <= QuorumBatches.MaxBatchBytes, "a snapshot's batch can be read again");
        file.Write(position, batch);
        return position + batch.Length;
    }
}
