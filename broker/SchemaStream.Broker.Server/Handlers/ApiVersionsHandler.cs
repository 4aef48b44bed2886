using SchemaStream.Broker.Metadata.Features;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// ApiVersions v0–4. What is registered is what is listed. A version that is not served is answered in the layout of v0
// with UNSUPPORTED_VERSION and the table, so that a newer client can choose again (KIP-511).
internal sealed class ApiVersionsHandler(IMetadataAccess metadata) : ApiHandler<ApiVersionsRequest, ApiVersionsResponse>
{
    private const int LongestSoftwareName = 255;

    internal override ApiHandler? UnsupportedVersionHandler { get; } = new Fallback();

    protected override ValueTask<ApiVersionsResponse?> HandleAsync(ApiVersionsRequest request, RequestContext context)
    {
        var response = TableOf(context);
        if (context.ApiVersion >= 3 && !(IsSoftwareName(request.ClientSoftwareName) && IsSoftwareName(request.ClientSoftwareVersion)))
        {
            response = new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest };
        }
        else
        {
            (context.Connection.SoftwareName, context.Connection.SoftwareVersion) = (request.ClientSoftwareName, request.ClientSoftwareVersion);
        }

        var image = metadata.Image;
        response.FinalizedFeaturesEpoch = image.Offset;
        foreach (var (name, level) in image.Features)
        {
            response.FinalizedFeatures.Add(new() { Name = name, MinVersionLevel = level, MaxVersionLevel = level });
        }

        foreach (var feature in FeatureRegistry.All)
        {
            // Clients of before v4 cannot read a range that begins with 0.
            var least = context.ApiVersion < 4 ? Math.Max(feature.MinLevel, (short)1) : feature.MinLevel;
            response.SupportedFeatures.Add(new() { Name = feature.Name, MinVersion = least, MaxVersion = feature.MaxLevel });
        }

        return ValueTask.FromResult<ApiVersionsResponse?>(response);
    }

    private static ApiVersionsResponse TableOf(RequestContext context)
    {
        var response = new ApiVersionsResponse();
        foreach (var handler in context.Table.Handlers)
        {
            response.ApiKeys.Add(new()
            {
                ApiKey = (short)handler.ApiKey,
                MinVersion = handler.MinAdvertisedVersion,
                MaxVersion = handler.MaxVersion,
            });
        }

        return response;
    }

    /// <summary>Kafka's rule: letters and digits, with dots and hyphens between them.</summary>
    private static bool IsSoftwareName(string text)
    {
        if (text.Length is 0 or > LongestSoftwareName || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Fallback : ApiHandler
    {
        public override ApiKey ApiKey => ApiKey.ApiVersions;

        public override short MinVersion => 0;

        public override short MaxVersion => 0;

        internal override bool IsFlexible(short version) => false;

        internal override ValueTask InvokeAsync(RequestContext context)
        {
            var response = TableOf(context);
            response.ErrorCode = ErrorCode.UnsupportedVersion;
            ResponseEncoder.Encode(context, response, version: 0, headerVersion: 0);
            context.Outcome = RequestOutcome.Reply;
            return ValueTask.CompletedTask;
        }
    }
}
