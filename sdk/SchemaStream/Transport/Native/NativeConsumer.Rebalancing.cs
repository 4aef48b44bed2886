using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Partitions come and go, on the poll thread, while it polls or closes.</summary>
internal sealed unsafe partial class NativeConsumer
{
    private readonly Dictionary<int, AssignedPartition> _assigned = [];
    private volatile IReadOnlyList<AssignedPartition> _assignment = [];
    private volatile TaskCompletionSource _whenAssigned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<AssignedPartition> Assignment => _assignment;

    public Task WaitForAssignmentAsync(CancellationToken cancellationToken) => _fetcher is null
        ? _whenAssigned.Task.WaitAsync(cancellationToken)
        : _fetcher.OrFailAsync(_whenAssigned.Task, cancellationToken);

    public void OnRebalance(nint client, int error, NativeTopicPartitionList* partitions)
    {
        var isCooperative = IsCooperative(client);
        if (error == NativeErrors.AssignPartitions)
        {
            Assign(client, partitions, isCooperative);
            return;
        }

        try
        {
            Revoke(client, partitions, isCooperative);
        }
        finally
        {
            // Whatever the application's code did: the group waits for this.
            if (isCooperative)
            {
                Report(Librdkafka.IncrementalUnassign(client, partitions), "giving partitions back");
            }
            else
            {
                Report(Librdkafka.Assign(client, null), "giving partitions back");
            }

            _assignment = [.. _assigned.Values];
            if (_assigned.Count == 0 && _whenAssigned.Task.IsCompletedSuccessfully)
            {
                _whenAssigned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private static bool IsCooperative(nint client) =>
        Marshal.PtrToStringUTF8((nint)Librdkafka.RebalanceProtocol(client)) == "COOPERATIVE";

    private void Assign(nint client, NativeTopicPartitionList* partitions, bool isCooperative)
    {
        var come = new List<AssignedPartition>(partitions->Count);
        for (var index = 0; index < partitions->Count; index++)
        {
            come.Add(new AssignedPartition(_topic, partitions->Elements[index].Partition));
        }

        try
        {
            var starts = _listener!.OnAssigned(come, isWholeAssignment: !isCooperative, () => Committed(client, partitions));
            for (var index = 0; index < partitions->Count; index++)
            {
                if (starts is not null && starts.TryGetValue(partitions->Elements[index].Partition, out var offset))
                {
                    partitions->Elements[index].Offset = offset;
                }
            }
        }
        finally
        {
            Take(client, partitions, isCooperative, come);
        }

        Logger.PartitionsAssigned(_topic, partitions->Count, _assigned.Count);
        _whenAssigned.TrySetResult();
    }

    private void Take(nint client, NativeTopicPartitionList* partitions, bool isCooperative, List<AssignedPartition> come)
    {
        lock (_fetching)
        {
            foreach (var partition in come)
            {
                _assigned[partition.Name.Partition] = partition;
                partition.IsPausedNatively = _nativelyPaused.Contains(partition.Name.Partition);
                Forward(client, partition.Name.Partition);
            }
        }

        var starts = _fetcher is null ? [] : TakeOverFetching(client, partitions);

        if (isCooperative)
        {
            Report(Librdkafka.IncrementalAssign(client, partitions), "taking partitions");
        }
        else
        {
            Report(Librdkafka.Assign(client, partitions), "taking partitions");
        }

        if (_fetcher is null)
        {
            come.ForEach(ApplyNatively);
        }
        else
        {
            PauseNatively(client, partitions); // once more: a pause before the assignment is librdkafka's to remember
            _fetcher.Add(come, starts);
        }

        _assignment = [.. _assigned.Values];
    }

    /// <summary>Before fetching begins, so that no record of the partition goes where group news go.</summary>
    private void Forward(nint client, int partition)
    {
        var queue = Librdkafka.QueueGetPartition(client, _topic, partition);
        Librdkafka.QueueForward(queue, _records);
        Librdkafka.QueueDestroy(queue);
    }

    private void Revoke(nint client, NativeTopicPartitionList* partitions, bool isCooperative)
    {
        var gone = new List<AssignedPartition>(partitions->Count);
        for (var index = 0; index < partitions->Count; index++)
        {
            if (_assigned.TryGetValue(partitions->Elements[index].Partition, out var partition))
            {
                gone.Add(partition);
            }
        }

        // Lost partitions have a new owner already, whose commits ours must not undo.
        var isLost = Librdkafka.AssignmentLost(client) != 0;
        try
        {
            if (isLost)
            {
                gone.ForEach(partition => partition.Revoke());
                _listener!.OnLost(gone);
            }
            else
            {
                _listener!.OnRevoking(gone, isWholeAssignment: !isCooperative);
                StoreHandled();
            }
        }
        finally
        {
            lock (_fetching)
            {
                foreach (var partition in gone)
                {
                    partition.Revoke();
                    _assigned.Remove(partition.Name.Partition);
                }
            }

            _fetcher?.Remove(gone);
        }

        Logger.PartitionsRevoked(_topic, partitions->Count, _assigned.Count, isLost);
    }

    /// <summary>In automatic mode: gives librdkafka the handled offsets, which it commits in its time.</summary>
    private void StoreHandled()
    {
        if (_options.CommitMode != CommitMode.Auto)
        {
            return;
        }

        var count = 0;
        foreach (var partition in _assigned.Values)
        {
            count += partition.HandledOffset > partition.StoredOffset ? 1 : 0;
        }

        if (count == 0)
        {
            return;
        }

        using var offsets = new PartitionList(count);
        foreach (var partition in _assigned.Values)
        {
            var handled = partition.HandledOffset;
            if (handled > partition.StoredOffset)
            {
                offsets.Add(_topic, partition.Name.Partition, handled);
                partition.StoredOffset = handled;
            }
        }

        var error = Librdkafka.OffsetsStore(_client.DangerousGetHandle(), offsets.Pointer);
        if (error != NativeErrors.None)
        {
            Logger.ClientError(_topic, NativeClient.NameOf(error), "noting handled offsets");
        }
    }

    private void Report(int error, string doing)
    {
        if (error != NativeErrors.None)
        {
            Logger.ClientError(_topic, NativeClient.NameOf(error), doing);
        }
    }

    private void Report(nint error, string doing)
    {
        if (error != 0)
        {
            Logger.ClientError(
                _topic, NativeClient.NameOf(Librdkafka.ErrorCode(error)),
                $"{doing}: {Marshal.PtrToStringUTF8((nint)Librdkafka.ErrorString(error))}");
            Librdkafka.ErrorDestroy(error);
        }
    }
}
