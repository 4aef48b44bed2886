using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// Fetches a leader's snapshot piece by piece into a file of another name, and looks at all of it before anyone believes it.
/// </summary>
internal sealed class QuorumDownload(
    IQuorumPeerOwner owner, IQuorumConnector connector, ILogDirectory directory, QuorumOptions options, TimeProvider timeProvider)
{
    /// <summary>A snapshot that claims to be larger is refused.</summary>
    private const long MaxSnapshotBytes = 64L * 1024 * 1024 * 1024;

    /// <summary>The file, whole and checked, still under its other name.</summary>
    public static string PartOf(EpochEnd snapshot) => QuorumSnapshotFile.NameOf(snapshot) + ".download" + QuorumSnapshotFile.PartSuffix;

    /// <returns>The voters at the snapshot's end.</returns>
    /// <exception cref="CorruptRecordException">What came is not that snapshot.</exception>
    public async Task<VoterSet> RunAsync(
        NodeId leader, int leaderEpoch, EpochEnd snapshot, Action progressed, CancellationToken cancellationToken)
    {
        var part = PartOf(snapshot);
        directory.Delete(part);
        var connection = await ConnectAsync(leader, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var file = directory.Open(part);
            long? size = null;
            for (long position = 0; size is null || position < size;)
            {
                var response = await FetchAsync(connection, leaderEpoch, snapshot, position, cancellationToken).ConfigureAwait(false);
                size ??= response.SizeInBytes;
                Check(response, position, size.Value);
                file.Write(position, response.Bytes.Span);
                position += response.Bytes.Length;
                progressed();
            }

            file.Flush();
        }

        return QuorumSnapshotReader.Check(directory, part, snapshot);
    }

    private async Task<IQuorumConnection> ConnectAsync(NodeId leader, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.FetchTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        Exception? last = null;
        foreach (var endpoint in owner.EndpointsOf(leader))
        {
            try
            {
                return await connector.ConnectAsync(endpoint, either.Token).ConfigureAwait(false);
            }
            catch (Exception failed) when (QuorumPeer.IsLoss(failed))
            {
                last = failed;
            }
        }

        throw new IOException($"Node {leader} cannot be reached for its snapshot.", last);
    }

    private async Task<FetchQuorumSnapshotResponse> FetchAsync(
        IQuorumConnection connection, int leaderEpoch, EpochEnd snapshot, long position, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.FetchTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var request = new FetchQuorumSnapshotRequest
        {
            ClusterId = owner.ClusterId,
            ReplicaId = options.NodeId,
            LeaderEpoch = leaderEpoch,
            EndOffset = snapshot.EndOffset,
            Epoch = snapshot.LeaderEpoch,
            Position = position,
            MaxBytes = options.SnapshotChunkBytes,
        };
        return await connection.SendAsync(request, 0, either.Token).ConfigureAwait(false);
    }

    private static void Check(FetchQuorumSnapshotResponse response, long position, long size)
    {
        if (response.ErrorCode != ErrorCode.None)
        {
            throw new IOException($"The leader does not give its snapshot: {response.ErrorCode}");
        }

        if (response.SizeInBytes != size || size is <= 0 or > MaxSnapshotBytes
            || response.Position != position
            || response.Bytes.IsEmpty || response.Bytes.Length > size - position)
        {
            throw new CorruptRecordException(
                $"A part of a snapshot does not fit: {response.Bytes.Length} bytes at {response.Position} of {response.SizeInBytes}, "
                + $"expected are some at {position} of {size}.");
        }
    }
}
