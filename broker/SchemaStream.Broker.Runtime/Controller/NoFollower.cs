using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>A node that is no broker holds nothing that changes with the metadata.</summary>
internal sealed class NoFollower : IImageFollower
{
    private NoFollower()
    {
    }

    public static NoFollower Instance { get; } = new();

    public ValueTask PrepareAsync(MetadataImage image) => ValueTask.CompletedTask;

    public ValueTask FollowAsync(MetadataImage previous, MetadataImage image) => ValueTask.CompletedTask;
}
