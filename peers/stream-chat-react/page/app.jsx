// A chat as the documentation of `stream-chat-react` shows it, for the user that the URL names.

import { createRoot } from 'react-dom/client';
import {
  Channel,
  ChannelHeader,
  ChannelList,
  Chat,
  MessageComposer,
  MessageList,
  Thread,
  Window,
} from 'stream-chat-react';
import { StreamChat } from 'stream-chat';
import 'stream-chat-react/css/index.css';

const { baseUrl, key, user, token } = JSON.parse(decodeURIComponent(location.hash.slice(1)));

const client = new StreamChat(key, { baseURL: baseUrl, timeout: 20_000 });
await client.connectUser({ id: user }, token);
window.chat = client;

createRoot(document.getElementById('root')).render(
  <Chat client={client}>
    <ChannelList
      filters={{ type: 'messaging', members: { $in: [user] } }}
      sort={{ last_message_at: -1 }}
      options={{ state: true, watch: true, presence: true, limit: 10 }}
    />
    <Channel>
      <Window>
        <ChannelHeader />
        <MessageList />
        <MessageComposer />
      </Window>
      <Thread />
    </Channel>
  </Chat>,
);
