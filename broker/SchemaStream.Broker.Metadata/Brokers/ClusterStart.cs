using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Features;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>A cluster begins, once.</summary>
public static class ClusterStart
{
    internal static InitializeClusterReply Initialize(ControllerDraft draft, InitializeClusterCommand command)
    {
        var known = draft.Image.ClusterId;
        if (known.Length > 0)
        {
            if (known != command.ClusterId)
            {
                return new InitializeClusterReply(
                    ErrorCode.InconsistentClusterId, $"The metadata is of cluster {known}, not of {command.ClusterId}.", known);
            }

            if (LacksFeatures(draft.Image))
            {
                draft.Records.AddRange(FeatureUpdating.Defaults());
            }

            return new InitializeClusterReply(ErrorCode.None, null, known);
        }

        if (command.ClusterId.Length == 0)
        {
            return command.Refused(ErrorCode.InvalidRequest, "A cluster needs an id.");
        }

        draft.Records.Add(new ClusterRecord { ClusterId = command.ClusterId });
        draft.Records.AddRange(FeatureUpdating.Defaults());
        return new InitializeClusterReply(ErrorCode.None, null, command.ClusterId);
    }

    /// <summary>Whether the cluster is from before its features were written down: then it gets them when it is next led.</summary>
    public static bool LacksFeatures(MetadataImage image) => image.FeatureLevel(FeatureRegistry.MetadataVersion) == 0;
}
