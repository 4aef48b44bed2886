using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary><c>rd_kafka_metadata_t</c>, as far as the number of partitions needs it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMetadata
{
    public int BrokerCount;
    public void* Brokers;
    public int TopicCount;
    public NativeTopicMetadata* Topics;
}

/// <summary><c>rd_kafka_metadata_topic_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTopicMetadata
{
    public byte* Topic;
    public int PartitionCount;
    public void* Partitions;
    public int Error;
}
