using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Quotas;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Server.Handlers;

// Produce v3–13; v0–2 are listed for old clients that look for them before they use their codecs, and never served.
// Appends are begun in the request's order, all of them before any is waited for. Errors are per partition, with words
// from v8, the new leader from v10 (KIP-951), topic ids from v13. acks=0 has no reply; there an error closes the
// connection, as in Kafka: it is the only way the producer can notice.
// Transactional records need a transactional id, and their partition has to be part of the transaction, which its leader
// makes sure of; v11 knows TRANSACTION_ABORTABLE, and from v12 the leader makes the partition part of it itself.
internal sealed class ProduceHandler(IMetadataAccess metadata, IPartitionAccess partitions)
    : ApiHandler<ProduceRequest, ProduceResponse>
{
    private const short FirstVersionWithZstd = 7;

    public override short MinAdvertisedVersion => 0;

    public override bool MayOverlap => true;

    public override bool KeepsRequestMemory => true;

    public override bool ReusesMessages => true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<ProduceResponse?> HandleAsync(ProduceRequest request, RequestContext context)
    {
        context.ThrottleProduce();
        var count = CountPartitions(request);
        var appends = ArrayPool<ValueTask<ProduceResult>>.Shared.Rent(count);
        BeginAll(request, context.ApiVersion, appends);
        var response = NewResponse();
        var hasError = false;
        ExceptionDispatchInfo? fault = null;
        var next = 0;
        foreach (var topic in request.TopicData)
        {
            var answered = response.NewTopicProduceResponse();
            (answered.Name, answered.TopicId) = (topic.Name, topic.TopicId);
            response.Responses.Add(answered);
            foreach (var partition in topic.PartitionData)
            {
                try
                {
                    var result = await appends[next++].ConfigureAwait(false);
                    hasError |= result.Error != ErrorCode.None;
                    answered.PartitionResponses.Add(Answer(response, partition.Index, result));
                }
                catch (Exception broken)
                {
                    // The others still read this request's memory, so they are waited for before it goes.
                    fault ??= ExceptionDispatchInfo.Capture(broken);
                }
            }
        }

        ArrayPool<ValueTask<ProduceResult>>.Shared.Return(appends, clearArray: true);
        fault?.Throw();
        if (request.Acks == (short)RequiredAcks.None)
        {
            if (hasError)
            {
                context.CloseConnection();
            }
            else
            {
                context.OmitReply();
            }

            return response;
        }

        if (hasError && context.ApiVersion >= 10)
        {
            TellLeaders(response, context);
        }

        return response;
    }

    private static int CountPartitions(ProduceRequest request)
    {
        var count = 0;
        foreach (var topic in request.TopicData)
        {
            count += topic.PartitionData.Count;
        }

        return count;
    }

    private void BeginAll(ProduceRequest request, short version, ValueTask<ProduceResult>[] appends)
    {
        var refusal = Refusal(request);
        var options = new ProduceOptions((RequiredAcks)request.Acks, TimeSpan.FromMilliseconds(Math.Max(0, request.TimeoutMs)))
        {
            TransactionalId = request.TransactionalId,
            Support = version switch
            {
                >= 12 => TransactionSupport.AddsPartitions,
                11 => TransactionSupport.AbortableErrors,
                _ => TransactionSupport.Default,
            },
        };
        var image = metadata.Image;
        var next = 0;
        foreach (var topic in request.TopicData)
        {
            var isKnown = version >= 13 ? image.TryGetTopic(topic.TopicId, out var found) : image.TryGetTopic(topic.Name, out found);
            var unknown = version >= 13 ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
            foreach (var partition in topic.PartitionData)
            {
                var error = refusal ?? (isKnown ? default(ProduceResult?) : ProduceResult.Failed(unknown));
#pragma warning disable CA2012 // Each is awaited exactly once, by the loop that answers.
                appends[next++] = error is { } refused
                    ? ValueTask.FromResult(refused)
                    : Begin(new TopicIdPartition(found!.TopicId, partition.Index), partition.Records, version, options);
#pragma warning restore CA2012 // Back to the rule.
            }
        }
    }

    private ValueTask<ProduceResult> Begin(
        TopicIdPartition partition, ReadOnlyMemory<byte>? records, short version, in ProduceOptions options)
    {
        if (records is not { Length: > 0 } batches)
        {
            return ValueTask.FromResult(ProduceResult.Failed(
                ErrorCode.InvalidRecord, "Records: expected one record batch, found none"));
        }

        if (version < FirstVersionWithZstd
            && batches.Length >= RecordBatchHeader.Size
            && new RecordBatchHeader(batches.Span).Compression == CompressionType.Zstd)
        {
            return ValueTask.FromResult(ProduceResult.Failed(
                ErrorCode.UnsupportedCompressionType, $"Produce {version} knows no zstd; {FirstVersionWithZstd} does"));
        }

        try
        {
            return partitions.ProduceAsync(partition, batches, options);
        }
        catch (Exception broken)
        {
            // Told where it is awaited, after the appends that were begun before it.
            return ValueTask.FromException<ProduceResult>(broken);
        }
    }

    /// <summary>What is wrong with the request as a whole, to be told for each partition.</summary>
    private static ProduceResult? Refusal(ProduceRequest request)
    {
        return request.Acks is < (short)RequiredAcks.All or > (short)RequiredAcks.Leader
            ? ProduceResult.Failed(ErrorCode.InvalidRequiredAcks, $"acks: expected -1, 0 or 1, found {request.Acks}")
            : null;
    }

    private static ProduceResponse.PartitionProduceResponse Answer(ProduceResponse response, int index, in ProduceResult result)
    {
        var answer = response.NewPartitionProduceResponse();
        answer.Index = index;
        answer.ErrorCode = result.Error;
        answer.BaseOffset = result.BaseOffset;
        answer.LogAppendTimeMs = result.LogAppendTimeMs;
        answer.LogStartOffset = result.LogStartOffset;
        answer.ErrorMessage = result.ErrorMessage;
        if (result.RecordErrors is { } errors)
        {
            foreach (var record in errors)
            {
                answer.RecordErrors.Add(new() { BatchIndex = record.BatchIndex, BatchIndexErrorMessage = record.Message });
            }
        }

        return answer;
    }

    /// <summary>Saves a client that asked the wrong broker a round of metadata.</summary>
    private void TellLeaders(ProduceResponse response, RequestContext context)
    {
        var image = metadata.Image;
        foreach (var topic in response.Responses)
        {
            var isKnown = context.ApiVersion >= 13 ? image.TryGetTopic(topic.TopicId, out var found) : image.TryGetTopic(topic.Name, out found);
            foreach (var partition in topic.PartitionResponses)
            {
                if (partition.ErrorCode == ErrorCode.NotLeaderOrFollower
                    && isKnown
                    && found!.Partition(partition.Index) is { } registration)
                {
                    partition.CurrentLeader = new() { LeaderId = registration.Leader, LeaderEpoch = registration.LeaderEpoch };
                    TellNode(response, image, registration.Leader, context.ListenerName);
                }
            }
        }
    }

    private static void TellNode(ProduceResponse response, MetadataImage image, int leader, string listenerName)
    {
        foreach (var told in response.NodeEndpoints)
        {
            if (told.NodeId == leader)
            {
                return;
            }
        }

        if (ClusterView.Endpoint(image, leader, listenerName) is { } endpoint)
        {
            response.NodeEndpoints.Add(new() { NodeId = leader, Host = endpoint.Host, Port = endpoint.Port, Rack = image.Brokers[leader].Rack });
        }
    }
}
