namespace SchemaStream.Broker.Server.Handlers;

/// <summary>There are no access rules here; every request for them is told so, as by a Kafka without an authorizer.</summary>
internal static class NoAuthorizer
{
    public const string Message = "No Authorizer is configured on the broker.";
}
