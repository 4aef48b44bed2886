using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>The cluster as this node knows it, and the way to the controller that can change it.</summary>
internal sealed class MetadataAccess : IMetadataAccess, IDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationToken _stopped;
    private readonly int _nodeId;
    private readonly ControllerCaller _controller;
    private readonly ImagePublisher _images;
    private readonly TimeSpan _requestTimeout;

    public MetadataAccess(int nodeId, ControllerCaller controller, ImagePublisher images, TimeSpan requestTimeout)
    {
        _stopping = new CancellationTokenSource();
        _stopped = _stopping.Token;
        _nodeId = nodeId;
        _controller = controller;
        _images = images;
        _requestTimeout = requestTimeout;
    }

    public int NodeId => _nodeId;

    public MetadataImage Image => _images.Image;

    public async ValueTask<TReply> SubmitAsync<TReply>(
        ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopped, cancellationToken);
        try
        {
            var answer = await _controller.AskAsync(command, _requestTimeout, either.Token).ConfigureAwait(false);
            if (answer.Reply is not { } reply)
            {
                return command.Refused(answer.Error, answer.Message ?? "");
            }

            await _images.WaitForAsync(answer.MetadataOffset).WaitAsync(either.Token).ConfigureAwait(false);
            return reply;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return command.Refused(ErrorCode.NotController, "The broker is stopping.");
        }
    }

    /// <summary>Whoever waits is refused, as is whoever comes.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }
}
