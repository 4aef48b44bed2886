namespace SchemaStream.Registry.OpenApi;

/// <summary>One row of the API: what a method on a path takes, gives and refuses.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The route's pattern.</param>
/// <param name="Summary">What it is for.</param>
internal sealed record ApiOperation(string Method, string Path, string Summary)
{
    /// <summary>Query parameters; those that may be repeated end in <c>*</c>.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>The entity in the body; empty for none.</summary>
    public string Body { get; init; } = "";

    /// <summary>The entity in the reply, in brackets if it is a list; empty for a reply without a body.</summary>
    public string Reply { get; init; } = "";

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The codes of refusals, besides those that any call can give.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];
}
