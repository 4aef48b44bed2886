using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary><c>rd_kafka_topic_partition_t</c>, an element of a list that librdkafka owns.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTopicPartition
{
    public byte* Topic;
    public int Partition;
    public long Offset;
    public void* Metadata;
    public nuint MetadataLength;
    public nint Opaque;
    public int Error;
    public nint Private;
}

/// <summary><c>rd_kafka_topic_partition_list_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTopicPartitionList
{
    public int Count;
    public int Capacity;
    public NativeTopicPartition* Elements;
}
