using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>A marker and the partitions that are to have it.</summary>
internal sealed record MarkerRequest(TransactionMarker Marker, IReadOnlyList<TopicPartitionName> Partitions);

/// <summary>Partitions that a producer's transaction is asked about.</summary>
internal sealed record RegistrationRequest(
    string TransactionalId, long ProducerId, short ProducerEpoch, IReadOnlyList<TopicPartitionName> Partitions, bool VerifyOnly);

/// <summary>What this broker asks another one for the sake of transactions.</summary>
internal sealed class RemoteBroker : IAsyncDisposable
{
    /// <summary>Transactions in one request.</summary>
    private const int MaxPerRequest = 500;

    private readonly BrokerConnection _connection;
    private readonly RequestBatcher<MarkerRequest, IReadOnlyList<ErrorCode>> _markers;
    private readonly RequestBatcher<RegistrationRequest, IReadOnlyList<ErrorCode>> _registrations;

    public RemoteBroker(BrokerConnection connection, CancellationToken stopping)
    {
        _connection = connection;
        _markers = new(MaxPerRequest, SendMarkersAsync, stopping);
        _registrations = new(MaxPerRequest, SendRegistrationsAsync, stopping);
    }

    /// <summary>One error for each partition, in this order; NETWORK_EXCEPTION where the broker cannot be asked.</summary>
    public Task<IReadOnlyList<ErrorCode>> WriteMarkersAsync(MarkerRequest request) => _markers.AddAsync(request);

    /// <summary>One error for each partition, in this order; NETWORK_EXCEPTION where the broker cannot be asked.</summary>
    public Task<IReadOnlyList<ErrorCode>> RegisterAsync(RegistrationRequest request) => _registrations.AddAsync(request);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<IReadOnlyList<IReadOnlyList<ErrorCode>>> SendMarkersAsync(
        IReadOnlyList<MarkerRequest> batch, CancellationToken cancellationToken)
    {
        var request = new WriteTxnMarkersRequest();
        foreach (var (marker, partitions) in batch)
        {
            var written = new WriteTxnMarkersRequest.WritableTxnMarker
            {
                ProducerId = marker.ProducerId,
                ProducerEpoch = marker.ProducerEpoch,
                TransactionResult = marker.Commit,
                CoordinatorEpoch = marker.CoordinatorEpoch,
                TransactionVersion = (sbyte)marker.TransactionVersion,
            };
            foreach (var topic in partitions.GroupBy(partition => partition.Topic, StringComparer.Ordinal))
            {
                written.Topics.Add(new() { Name = topic.Key, PartitionIndexes = [.. topic.Select(partition => partition.Partition)] });
            }

            request.Markers.Add(written);
        }

        var (response, _) = await _connection.SendAsync(request, WriteTxnMarkersRequest.MaxVersion, cancellationToken)
            .ConfigureAwait(false);
        return [.. batch.Select((asked, index) =>
        {
            // Each producer is in one transaction at a time, but its answer is not trusted to be at the same place.
            var answer = response?.Markers.ElementAtOrDefault(index);
            return Match(asked.Partitions, answer?.ProducerId != asked.Marker.ProducerId ? null :
                from topic in answer.Topics
                from partition in topic.Partitions
                select (new TopicPartitionName(topic.Name, partition.PartitionIndex), partition.ErrorCode));
        })];
    }

    private async Task<IReadOnlyList<IReadOnlyList<ErrorCode>>> SendRegistrationsAsync(
        IReadOnlyList<RegistrationRequest> batch, CancellationToken cancellationToken)
    {
        var request = new AddPartitionsToTxnRequest();
        foreach (var asked in batch)
        {
            var transaction = new AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction
            {
                TransactionalId = asked.TransactionalId,
                ProducerId = asked.ProducerId,
                ProducerEpoch = asked.ProducerEpoch,
                VerifyOnly = asked.VerifyOnly,
            };
            foreach (var topic in asked.Partitions.GroupBy(partition => partition.Topic, StringComparer.Ordinal))
            {
                transaction.Topics.Add(new() { Name = topic.Key, Partitions = [.. topic.Select(partition => partition.Partition)] });
            }

            request.Transactions.Add(transaction);
        }

        var (response, _) = await _connection.SendAsync(request, AddPartitionsToTxnRequest.MaxVersion, cancellationToken)
            .ConfigureAwait(false);
        if (response is { ErrorCode: not ErrorCode.None })
        {
            return [.. batch.Select(asked => asked.Partitions.Select(_ => response.ErrorCode).ToArray())];
        }

        return [.. batch.Select((asked, index) =>
        {
            var answer = response?.ResultsByTransaction.ElementAtOrDefault(index);
            return Match(asked.Partitions, answer?.TransactionalId != asked.TransactionalId ? null :
                from topic in answer.TopicResults
                from partition in topic.ResultsByPartition
                select (new TopicPartitionName(topic.Name, partition.PartitionIndex), partition.PartitionErrorCode));
        })];
    }

    private static ErrorCode[] Match(
        IReadOnlyList<TopicPartitionName> partitions, IEnumerable<(TopicPartitionName Partition, ErrorCode Error)>? answered)
    {
        var errors = new Dictionary<TopicPartitionName, ErrorCode>();
        foreach (var (partition, error) in answered ?? [])
        {
            errors[partition] = error;
        }

        return [.. partitions.Select(partition => errors.GetValueOrDefault(partition, ErrorCode.NetworkException))];
    }
}
