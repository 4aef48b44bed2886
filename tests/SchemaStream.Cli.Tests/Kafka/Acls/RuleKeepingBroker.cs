using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Tests.Kafka.Acls;

/// <summary>Answers as a Kafka with an authorizer does, as far as rules go: our own broker has none.</summary>
internal sealed class RuleKeepingBroker : IAsyncDisposable
{
    private const short AclsVersion = 3;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<CreateAclsRequest.AclCreation> _rules = [];
    private readonly Task _serving;

    public RuleKeepingBroker()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string BootstrapServers => $"127.0.0.1:{Port}";

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            try
            {
                while (true)
                {
                    var prefix = new byte[4];
                    await stream.ReadExactlyAsync(prefix, _stop.Token);
                    var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
                    await stream.ReadExactlyAsync(frame, _stop.Token);
                    await stream.WriteAsync(Answer(frame), _stop.Token);
                }
            }
            catch (IOException)
            {
                // One tool's connection has ended; the next tool's comes.
            }
        }
    }

    private byte[] Answer(byte[] frame)
    {
        var (api, version) = RequestHeader.Peek(frame);
        var isFlexible = api is ApiKey.DescribeAcls or ApiKey.CreateAcls or ApiKey.DeleteAcls;
        var reader = new KafkaReader(frame);
        var header = RequestHeader.Read(ref reader, (short)(isFlexible ? 2 : 1));
        IResponseMessage answer = api switch
        {
            ApiKey.ApiVersions => Versions(),
            ApiKey.Metadata => Metadata(),
            ApiKey.DescribeAcls => Describe(Read<DescribeAclsRequest>(ref reader, version)),
            ApiKey.CreateAcls => Create(Read<CreateAclsRequest>(ref reader, version)),
            _ => Delete(Read<DeleteAclsRequest>(ref reader, version)),
        };
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt32(0);
        new ResponseHeader(header.CorrelationId).Write(ref writer, (short)(isFlexible ? 1 : 0));
        answer.Write(ref writer, version);
        writer.Flush();
        var bytes = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
        return bytes;
    }

    private static T Read<T>(ref KafkaReader reader, short version)
        where T : IMessage, new()
    {
        var message = new T();
        message.Read(ref reader, version);
        return message;
    }

    private static ApiVersionsResponse Versions() => new()
    {
        ApiKeys = [.. new[] { ApiKey.DescribeAcls, ApiKey.CreateAcls, ApiKey.DeleteAcls }.Select(api =>
            new ApiVersionsResponse.ApiVersion { ApiKey = (short)api, MinVersion = 1, MaxVersion = AclsVersion })],
    };

    private MetadataResponse Metadata() => new()
    {
        ControllerId = 1,
        Brokers = [new() { NodeId = 1, Host = "127.0.0.1", Port = Port }],
    };

    private DescribeAclsResponse Describe(DescribeAclsRequest request) => new()
    {
        Resources = [.. _rules
            .Where(rule => IsOn(rule, request.ResourceTypeFilter, request.ResourceNameFilter, request.PatternTypeFilter))
            .GroupBy(rule => (rule.ResourceType, rule.ResourceName, rule.ResourcePatternType))
            .Select(resource => new DescribeAclsResponse.DescribeAclsResource
            {
                ResourceType = resource.Key.ResourceType,
                ResourceName = resource.Key.ResourceName,
                PatternType = resource.Key.ResourcePatternType,
                Acls = [.. resource.Select(rule => new DescribeAclsResponse.AclDescription
                {
                    Principal = rule.Principal, Host = rule.Host, Operation = rule.Operation, PermissionType = rule.PermissionType,
                })],
            })],
    };

    private CreateAclsResponse Create(CreateAclsRequest request)
    {
        _rules.AddRange(request.Creations);
        return new CreateAclsResponse { Results = [.. request.Creations.Select(_ => new CreateAclsResponse.AclCreationResult())] };
    }

    private DeleteAclsResponse Delete(DeleteAclsRequest request)
    {
        foreach (var filter in request.Filters)
        {
            _rules.RemoveAll(rule => IsOn(rule, filter.ResourceTypeFilter, filter.ResourceNameFilter, filter.PatternTypeFilter)
                && (filter.PrincipalFilter is null || filter.PrincipalFilter == rule.Principal)
                && (filter.HostFilter is null || filter.HostFilter == rule.Host)
                && (filter.Operation == 1 || filter.Operation == rule.Operation)
                && (filter.PermissionType == 1 || filter.PermissionType == rule.PermissionType));
        }

        return new DeleteAclsResponse { FilterResults = [.. request.Filters.Select(_ => new DeleteAclsResponse.DeleteAclsFilterResult())] };
    }

    private static bool IsOn(CreateAclsRequest.AclCreation rule, sbyte type, string? name, sbyte pattern) =>
        (type == 1 || type == rule.ResourceType) && (name is null || name == rule.ResourceName) && (pattern == 1 || pattern == rule.ResourcePatternType);
}
