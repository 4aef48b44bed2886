using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>Reads a snapshot batch by batch, so that never more than one is in memory, and believes nothing in it.</summary>
internal static class QuorumSnapshotReader
{
    /// <summary>Reads all of it without its records; what is returned are the voters at its end.</summary>
    /// <exception cref="CorruptRecordException">It is damaged, or not whole.</exception>
    public static VoterSet Check(ILogDirectory directory, string name, EpochEnd snapshot)
    {
        VoterSet? voters = null;
        foreach (var batch in Batches(directory, name, snapshot))
        {
            if (batch.Header.IsControlBatch && ControlBatches.TypeOf(batch) == ControlType.Voters)
            {
                voters = ReadVoters(batch);
            }
        }

        return voters ?? throw new CorruptRecordException($"The snapshot {name} names no voters.");
    }

    /// <summary>Its records, in the lists in which they were written.</summary>
    /// <exception cref="CorruptRecordException">It is damaged, or not whole.</exception>
    public static IEnumerable<IReadOnlyList<IRecordMessage>> Records(ILogDirectory directory, EpochEnd snapshot) =>
        Batches(directory, QuorumSnapshotFile.NameOf(snapshot), snapshot)
            .Where(batch => !batch.Header.IsControlBatch)
            .Select(QuorumBatches.Decode);

    private static IEnumerable<RecordBatch> Batches(ILogDirectory directory, string name, EpochEnd snapshot)
    {
        if (!directory.Exists(name))
        {
            throw new CorruptRecordException($"The snapshot {name} is missing.");
        }

        using var file = directory.Open(name);
        long position = 0;
        long records = 0;
        var isFirst = true;
        var isClosed = false;
        while (position < file.Length)
        {
            Demand(!isClosed, name, "something follows its footer");
            var batch = Read(file, position, name);
            position += batch.Memory.Length;
            var type = batch.Header.IsControlBatch ? ControlBatches.TypeOf(batch) : null;
            Demand(isFirst == (type == ControlType.SnapshotHeader), name, "its header is not at its beginning");
            if (isFirst)
            {
                var header = ReadControl<QuorumSnapshotHeader>(batch);
                Demand(new EpochEnd(header.LeaderEpoch, header.EndOffset) == snapshot, name, $"its header is of {header.EndOffset}");
            }
            else if (type == ControlType.SnapshotFooter)
            {
                isClosed = true;
                Demand(ReadControl<QuorumSnapshotFooter>(batch).RecordCount == records, name, "records are missing");
            }
            else if (type is null)
            {
                records += batch.Header.RecordCount;
            }

            isFirst = false;
            yield return batch;
        }

        Demand(isClosed, name, "its footer is missing");
    }

    private static RecordBatch Read(ILogFile file, long position, string name)
    {
        var header = new byte[RecordBatchHeader.Size];
        Demand(file.Read(position, header) == header.Length, name, $"it ends in a batch's header at {position}");
        var size = new RecordBatchHeader(header).SizeInBytes;
        Demand(
            size is >= RecordBatchHeader.Size and <= QuorumBatches.MaxBatchBytes && size <= file.Length - position,
            name,
            $"the batch at {position} claims {size} bytes");
        var bytes = new byte[size];
        Demand(file.Read(position, bytes) == bytes.Length, name, $"it ends in the batch at {position}");
        var fault = RecordBatches.Validate(bytes, out _);
        Demand(fault == RecordBatchFault.None, name, $"the batch at {position} is damaged ({fault})");
        return new RecordBatch(bytes);
    }

    private static VoterSet ReadVoters(RecordBatch batch)
    {
        try
        {
            return ControlBatches.ReadVoters(batch);
        }
        catch (ProtocolException unreadable)
        {
            throw new CorruptRecordException(unreadable.Message, unreadable);
        }
    }

    private static TMessage ReadControl<TMessage>(RecordBatch batch)
        where TMessage : IMessage, new()
    {
        try
        {
            return ControlBatches.Read<TMessage>(batch);
        }
        catch (ProtocolException unreadable)
        {
            throw new CorruptRecordException(unreadable.Message, unreadable);
        }
    }

    private static void Demand(bool holds, string name, string otherwise)
    {
        if (!holds)
        {
            throw new CorruptRecordException($"The snapshot {name} cannot be used: {otherwise}.");
        }
    }
}
