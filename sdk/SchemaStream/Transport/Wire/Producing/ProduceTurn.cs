using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using BatchCompression = SchemaStream.Protocol.Records.CompressionType;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>One request to one broker and what it carries; used again once it is answered.</summary>
internal sealed class ProduceTurn : IThreadPoolWorkItem
{
    private readonly List<ProduceRequest.PartitionProduceData> _spare = [];
    private readonly ProduceRequest.TopicProduceData _topic = new();

    private readonly Action _heard;
    private ConfiguredValueTaskAwaitable<PooledResponse>.ConfiguredValueTaskAwaiter _answer;
    private Action<ProduceTurn>? _onHeard;

    public ProduceTurn() => _heard = () => _onHeard!(this);

    public ProduceRequest Request { get; } = new();

    public ProduceResponse Response { get; } = new();

    /// <summary>What it carries: one batch of each of its partitions.</summary>
    public List<(PartitionQueue Queue, ProducerBatch Batch)> Sent { get; } = [];

    /// <summary>The broker that it goes to.</summary>
    public int NodeId { get; private set; }

    /// <summary>The topic's id; empty where the brokers have none.</summary>
    public Guid TopicId => _topic.TopicId;

    /// <summary>Whether the request names the topic by its id.</summary>
    public bool IsById { get; private set; }

    /// <summary>Waits for the answer; nothing is allocated for that.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isById">Whether the request names the topic by its id.</param>
    /// <param name="onHeard">Called once it is there, on a pool thread.</param>
    public void Hear(ValueTask<PooledResponse> answer, bool isById, Action<ProduceTurn> onHeard)
    {
        (IsById, _onHeard) = (isById, onHeard);
        _answer = answer.ConfigureAwait(false).GetAwaiter();
        if (_answer.IsCompleted)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
        else
        {
            _answer.UnsafeOnCompleted(_heard);
        }
    }

    void IThreadPoolWorkItem.Execute() => _heard();

    /// <summary>The answer that was heard; once.</summary>
    /// <exception cref="KafkaConnectionClosedException">There is none: the connection has ended.</exception>
    public PooledResponse TakeAnswer() => _answer.GetResult();

    /// <summary>Begins an empty request.</summary>
    public void Begin(int nodeId, string topic, Guid topicId, short acks, int timeoutMs)
    {
        NodeId = nodeId;
        Sent.Clear();
        (Request.Acks, Request.TimeoutMs) = (acks, timeoutMs);
        (_topic.Name, _topic.TopicId) = (topic, topicId);
        _topic.PartitionData.Clear();
        Request.TopicData.Clear();
        Request.TopicData.Add(_topic);
    }

    /// <summary>Takes out what it carried of a partition.</summary>
    /// <returns>False when that is nothing.</returns>
    public bool TryTake(int partition, [NotNullWhen(true)] out PartitionQueue? queue, [NotNullWhen(true)] out ProducerBatch? batch)
    {
        for (var index = 0; index < Sent.Count; index++)
        {
            if (Sent[index].Queue.Partition == partition)
            {
                (queue, batch) = Sent[index];
                Sent.RemoveAt(index);
                return true;
            }
        }

        (queue, batch) = (null, null);
        return false;
    }

    /// <summary>Puts the batches' bytes in. Not under the lock: checksums and compression take their time.</summary>
    /// <param name="compression">The codec.</param>
    public void Fill(BatchCompression compression)
    {
        for (var index = 0; index < Sent.Count; index++)
        {
            if (_spare.Count == index)
            {
                _spare.Add(new ProduceRequest.PartitionProduceData());
            }

            var (queue, batch) = Sent[index];
            var data = _spare[index];
            data.Index = queue.Partition;
            data.Records = batch.Seal(compression);
            _topic.PartitionData.Add(data);
        }
    }
}
