using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Owns an <c>rd_kafka_consumer_group_metadata_t</c>: which member of which generation of a group commits.</summary>
internal sealed class GroupMetadataHandle : SafeHandle
{
    public GroupMetadataHandle(nint metadata)
        : base(0, ownsHandle: true) => SetHandle(metadata);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Librdkafka.GroupMetadataDestroy(handle);
        return true;
    }
}
