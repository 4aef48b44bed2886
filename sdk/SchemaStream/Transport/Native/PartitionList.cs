namespace SchemaStream.Transport.Native;

/// <summary>Owns an <c>rd_kafka_topic_partition_list_t</c> for the length of a call.</summary>
internal unsafe ref struct PartitionList
{
    public PartitionList(int capacity) => Pointer = Librdkafka.PartitionListNew(capacity);

    public NativeTopicPartitionList* Pointer { get; private set; }

    public readonly void Add(string topic, int partition, long offset) =>
        Librdkafka.PartitionListAdd(Pointer, topic, partition)->Offset = offset;

    public readonly void Add(string topic, int partition) => Librdkafka.PartitionListAdd(Pointer, topic, partition);

    public void Dispose()
    {
        Librdkafka.PartitionListDestroy(Pointer);
        Pointer = null;
    }
}
