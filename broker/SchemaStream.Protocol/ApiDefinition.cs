namespace SchemaStream.Protocol;

/// <summary>An API as it is defined here. What a broker serves may be a narrower range of versions.</summary>
public sealed record ApiDefinition(
    ApiKey ApiKey,
    string Name,
    short MinVersion,
    short MaxVersion,
    short FirstFlexibleVersion,
    Func<IRequestMessage> NewRequest,
    Func<IResponseMessage> NewResponse)
{
    public bool IsDefined(short version) => version >= MinVersion && version <= MaxVersion;

    public bool IsFlexible(short version) => version >= FirstFlexibleVersion;

    /// <summary>The version of the header before a request of this version.</summary>
    public short RequestHeaderVersion(short version) => RequestHeader.VersionFor(IsFlexible(version));

    /// <summary>The version of the header before a response of this version.</summary>
    public short ResponseHeaderVersion(short version) => ResponseHeader.VersionFor(ApiKey, IsFlexible(version));
}
