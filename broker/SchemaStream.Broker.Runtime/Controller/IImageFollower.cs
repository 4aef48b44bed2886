using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>What on this broker changes with the metadata. One call at a time.</summary>
internal interface IImageFollower
{
    /// <summary>Before the image is seen by anyone: everything it says is here has to be here.</summary>
    ValueTask PrepareAsync(MetadataImage image);

    /// <summary>After it is seen: what is no longer in it goes.</summary>
    ValueTask FollowAsync(MetadataImage previous, MetadataImage image);
}
